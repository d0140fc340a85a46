"""公文 after GB/T 9704-2012: content model, typesetting, imprints of seals, marks on printed copies."""
