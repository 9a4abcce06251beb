/*
 * psi.h
 *	  The population stability index: how far counts in cells are from the shares that are expected.
 *
 * The sum over cells of (a - e) ln (a / e), a the share found, e that expected: the divergence of
 * Jeffreys (1946).  Of the same population it has about (cells - 1) (1/n + 1/m) by chance, n rows here
 * and m rows there (Yurdakul & Naranjo 2020, "Statistical properties of the population stability
 * index", Journal of Risk Model Validation 14(4)).
 */
#ifndef EMO_PSI_H
#define EMO_PSI_H

#include <stdint.h>

/* As they are read everywhere (Siddiqi 2006, "Credit Risk Scorecards"): moderate and large. */
#define EMO_PSI_MODERATE 0.10
#define EMO_PSI_LARGE    0.25

/*
 * What a cell adds: count of n rows where a share is expected, 0 < share <= 1.  One row more is spread over the
 * cells as expected, so that none is empty.
 */
extern double emo_psi_of_cell(double count, double n, double share);

/* Its mean for n independent rows of the population that the share is of. */
extern double emo_psi_by_chance(int64_t n, double share);

#endif
