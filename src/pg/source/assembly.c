/*
 * assembly.c
 *	  Utterances that are being put together.
 */
#include "pg/source/assembly.h"

#include "utils/memutils.h"

#include "core/nn/input.h"

static Assembly *
find(const Assemblies *assemblies, int process)
{
	ListCell *cell;

	foreach (cell, assemblies->items)
		if (((Assembly *) lfirst(cell))->process == process)
			return lfirst(cell);
	return NULL;
}

Assembly *
emoser_find_assembly(const Assemblies *assemblies, int process)
{
	Assembly *assembly = find(assemblies, process);

	if (assembly == NULL)
		elog(ERROR, "a piece of an utterance came without its row");
	return assembly;
}

/* With nothing in it. */
static Assembly *
assembly_of(Assemblies *assemblies, int process)
{
	Assembly *assembly = find(assemblies, process);
	MemoryContext outer = MemoryContextSwitchTo(assemblies->context);

	if (assembly == NULL)
	{
		assembly = palloc(sizeof(Assembly));
		assembly->context =
			AllocSetContextCreate(CurrentMemoryContext, "emoser utterance", ALLOCSET_DEFAULT_SIZES);
		assemblies->items = lappend(assemblies->items, assembly);
	}
	MemoryContextReset(assembly->context);
	*assembly = (Assembly){.process = process, .context = assembly->context};
	MemoryContextSwitchTo(outer);
	return assembly;
}

Assembly *
emoser_begin_assembly(Assemblies *assemblies, const UtterancePiece *row, Size n_floats,
					  int n_frame_lists)
{
	Assembly *assembly = assembly_of(assemblies, row->process);
	MemoryContext outer = MemoryContextSwitchTo(assembly->context);

	assembly->row = row->row;
	assembly->n_missing = 1 + row->row.n_pieces;
	for (int i = 0; i < EMOSER_N_ROW_NAMES; i++)
		if (row->row.names[i] != NULL)
			assembly->row.names[i] = pstrdup(row->row.names[i]);
	assembly->n_floats = n_floats;
	if (n_floats > 0)
		assembly->features = MemoryContextAllocHuge(assembly->context, n_floats * sizeof(float));
	assembly->n_frame_lists = n_frame_lists;
	if (n_frame_lists > 0)
	{
		assembly->frames = palloc0(n_frame_lists * sizeof(uint16 *));
		assembly->n_frames = palloc0(n_frame_lists * sizeof(int));
	}
	MemoryContextSwitchTo(outer);
	return assembly;
}

static void
put_frames(Assembly *assembly, const UtterancePiece *piece)
{
	Size n_bytes = (Size) piece->n_frames * EMO_NN_FRAME_VALUES * sizeof(uint16);

	assembly->frames[piece->copy] = MemoryContextAllocHuge(assembly->context, n_bytes);
	memcpy(assembly->frames[piece->copy], piece->frames, n_bytes);
	assembly->n_frames[piece->copy] = piece->n_frames;
}

bool
emoser_put_piece(Assembly *assembly, const UtterancePiece *piece)
{
	Size first = (Size) piece->copy * piece->n_features;

	if (first + piece->n_features > assembly->n_floats ||
		(piece->n_frames > 0 && piece->copy >= assembly->n_frame_lists))
		elog(ERROR, "a piece of an utterance has no place in it");
	if (piece->n_features > 0)
		memcpy(assembly->features + first, piece->features, piece->n_features * sizeof(float));
	if (piece->n_frames > 0)
		put_frames(assembly, piece);
	return --assembly->n_missing == 0;
}
