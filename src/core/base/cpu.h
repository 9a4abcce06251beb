/*
 * cpu.h
 *	  The instruction sets that kernels are compiled for, and which of them this processor runs.
 */
#ifndef EMO_CPU_H
#define EMO_CPU_H

/* From the slowest to the fastest; see base/simd.h. */
typedef enum EmoIsa
{
	EMO_ISA_BASELINE,
	EMO_ISA_AVX2, /* with FMA and F16C */
	EMO_ISA_AVX512,
	EMO_N_ISAS
} EmoIsa;

/* The fastest that this processor runs. */
extern EmoIsa emo_isa(void);

/* That of a name ("avx512", "avx2", "baseline"), or -1 if it isn't one that this processor runs. */
extern int emo_isa_named(const char *name);

/*
 * A table of kernels, one for each instruction set of the build, to be chosen from by EmoIsa:
 *
 *	static const EmoKernels *const kernels[EMO_N_ISAS] = EMO_FOR_EACH_ISA(emo_kernels);
 */
#ifdef __x86_64__
#define EMO_FOR_EACH_ISA(prefix)                                                                   \
	{                                                                                              \
		[EMO_ISA_BASELINE] = &prefix##_baseline, [EMO_ISA_AVX2] = &prefix##_avx2,                  \
		[EMO_ISA_AVX512] = &prefix##_avx512                                                        \
	}
#else
#define EMO_FOR_EACH_ISA(prefix)                                                                   \
	{                                                                                              \
		[EMO_ISA_BASELINE] = &prefix##_baseline                                                    \
	}
#endif

#endif
