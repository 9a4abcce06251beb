/*
 * checkpoint.c
 *	  Checkpoints as Hugging Face's transformers writes them: from config and weights to an image.
 */
#include "pg/encoder/checkpoint.h"

Checkpoint *
emoser_open_checkpoint(Jsonb *config, Jsonb *preprocessor, List *weights, const char *precision)
{
	(void) config;
	(void) preprocessor;
	(void) weights;
	(void) precision;
	ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED), errmsg("checkpoints are not read yet")));
	return NULL;
}

void
emoser_write_checkpoint_image(Checkpoint *checkpoint, ByteSink *sink)
{
	(void) checkpoint;
	(void) sink;
}
