/*
 * blocks_test.c
 *	  All of image_test.c with blocks so small that even tiny matrices have many, of which the last is smaller.
 */
#define BLOCK_NUMBERS ((size_t) 170)
#include "core/pretrained/image_maker.c"

#include "image_test.c"
