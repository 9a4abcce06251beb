/*
 * recipe.h
 *	  Which tensors of a checkpoint a tensor of an image is made of, and how.
 */
#ifndef EMO_PRETRAINED_RECIPE_H
#define EMO_PRETRAINED_RECIPE_H

#include "core/encoder/tensors.h"
#include "core/pretrained/checkpoint.h"

typedef enum EmoIngredientWay
{
	EMO_AS_IT_IS,       /* times the factor */
	EMO_KERNEL_OUTSIDE, /* of each row, [channels in][kernel] becomes [kernel][channels in] */
	EMO_NORMED_KERNEL,  /* the same, and each place of the kernel has a norm of its own: the gain */
	EMO_ALL_ZERO        /* there is no tensor for it */
} EmoIngredientWay;

/* Some rows of a tensor of the image, or some numbers of a vector. */
typedef struct EmoIngredient
{
	EmoIngredientWay way;
	const EmoFileTensor *tensor;
	const EmoFileTensor *gain; /* of EMO_NORMED_KERNEL: [kernel] */
	int rows, columns;
	int kernel;
	float factor;
} EmoIngredient;

/* Query, key and value are joined. */
#define EMO_MAX_INGREDIENTS 3

/*
 * The ingredients of a tensor, which are marked as used.  EMO_CORRUPTED, naming the tensor of the checkpoint, if it is
 * missing or has a wrong shape, EMO_UNSUPPORTED for a dtype that is not read.
 */
extern EmoStatus emo_find_ingredients(EmoEnv *env, const EmoEncoderConfig *config,
									  const EmoCheckpoint *checkpoint,
									  const EmoEncoderTensor *tensor,
									  EmoIngredient ingredients[EMO_MAX_INGREDIENTS],
									  int *n_ingredients);

#endif
