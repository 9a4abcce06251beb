/*
 * blas.h
 *	  Set OpenBLAS up for a server process.
 */
#ifndef EMO_BLAS_H
#define EMO_BLAS_H

/*
 * One thread, and kernels that fit the processor.  Call once, before any other use of BLAS, while
 * the process has one thread.
 */
extern void emo_blas_init(void);

#endif
