# An experiment on the nodes of a Slurm cluster, one array. ARRAY: its size, and what a task needs.
job=$(sbatch --parsable $ARRAY slurm.sbatch sweep.yaml parts)
sbatch --wait --dependency=afterok:$job $TASK --wrap "secretsim merge parts --out merged"
