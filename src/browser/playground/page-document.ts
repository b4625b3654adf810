/* Stands in for linkedom in the page: the report's pictures are drawn with the page's own document. */
export const parseHTML = (): { readonly document: Document } => ({ document });
