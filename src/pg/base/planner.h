/*
 * planner.h
 *	  Parallel plans for tables whose recordings or features are in TOAST.
 */
#ifndef EMOSER_PLANNER_H
#define EMOSER_PLANNER_H

#include "pg/base/glue.h"

extern void emoser_install_planner_hook(void);

#endif
