/*
 * naive_solve.h
 *	  Systems of linear equations, as a reference for what is solved in better ways.
 */
#ifndef NAIVE_SOLVE_H
#define NAIVE_SOLVE_H

#include <math.h>

/* Solve a x = b in place by Gauss's elimination with row pivots; x replaces b. */
static inline void
naive_solve(double *a, double *b, int n)
{
	for (int k = 0; k < n; k++)
	{
		int pivot = k;

		for (int i = k + 1; i < n; i++)
			pivot = fabs(a[i * n + k]) > fabs(a[pivot * n + k]) ? i : pivot;
		for (int j = 0; j < n; j++)
		{
			double swapped = a[k * n + j];

			a[k * n + j] = a[pivot * n + j];
			a[pivot * n + j] = swapped;
		}
		double swapped = b[k];
		b[k] = b[pivot];
		b[pivot] = swapped;
		for (int i = k + 1; i < n; i++)
		{
			double factor = a[i * n + k] / a[k * n + k];

			for (int j = k; j < n; j++)
				a[i * n + j] -= factor * a[k * n + j];
			b[i] -= factor * b[k];
		}
	}
	for (int k = n - 1; k >= 0; k--)
	{
		for (int j = k + 1; j < n; j++)
			b[k] -= a[k * n + j] * b[j];
		b[k] /= a[k * n + k];
	}
}

#endif
