/*
 * emotion_colors.c
 *	  emoser_emotion_colors(): the colours that emotions have in pictures.
 */
#include "pg/base/glue.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"

#include "core/draw/emotion_colors.h"
#include "pg/base/encoding.h"

PG_FUNCTION_INFO_V1(emoser_emotion_colors);
Datum
emoser_emotion_colors(PG_FUNCTION_ARGS)
{
	ArrayType *array = PG_GETARG_ARRAYTYPE_P(0);
	Datum *emotions;
	bool *nulls;
	const char **names;
	int n, n_names = 0, *numbers;

	deconstruct_array(array, TEXTOID, -1, false, TYPALIGN_INT, &emotions, &nulls, &n);
	names = palloc(Max(n, 1) * sizeof(char *));
	numbers = palloc(Max(n, 1) * sizeof(int));
	for (int i = 0; i < n; i++)
		if (!nulls[i])
			names[n_names++] = emoser_utf8_text(TextDatumGetCString(emotions[i]));
	emo_emotion_color_numbers(names, n_names, numbers);
	n_names = 0;
	for (int i = 0; i < n; i++)
		if (!nulls[i])
			emotions[i] = CStringGetTextDatum(emo_emotion_color(numbers[n_names++]));
	return PointerGetDatum(construct_md_array(emotions, nulls, ARR_NDIM(array), ARR_DIMS(array),
											  ARR_LBOUND(array), TEXTOID, -1, false, TYPALIGN_INT));
}
