import { TypeOverrides, types } from 'pg'

/** The driver gives `bigint` as text, so that no digit is lost; duro's own counts fit into a number. */
export const numbersAsNumbers = new TypeOverrides()
numbersAsNumbers.setTypeParser(types.builtins.INT8, Number)
