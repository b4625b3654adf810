# From a clone to the first answer, that of a real cluster. REPOSITORY: where it is cloned from.
git clone "$REPOSITORY" secretsim
cd secretsim
npm ci && npm start
