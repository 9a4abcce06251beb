/*
 * image_file.h
 *	  Images of encoders as files that all backends can map.
 *
 * They are made from the tables by the first backend that needs one, and lie among the server's own temporary files, in
 * base/pgsql_tmp.  So the server removes them whenever it starts, also after a crash, and base backups and pg_rewind
 * leave them out: no file has to be kept from one run of the server to the next, or be trusted after a power cut.
 *
 * A file rather than dynamic shared memory: that would be /dev/shm, which containers limit to 64 MB, could not be
 * evicted when memory is short, and would have to be counted by somebody until its last user is gone.  Pages of a file
 * are one copy for all backends, which the kernel keeps, gives up and reads again by itself.
 */
#ifndef EMOSER_IMAGE_FILE_H
#define EMOSER_IMAGE_FILE_H

#include "pg/encoder/store.h"

/*
 * A file with the image of an encoder, opened by OpenTransientFile(); made if there is none, while other backends that
 * want it wait.  Raises as emoser_read_image(), and for a full disk DISK_FULL; nothing of it is left then.
 */
extern int emoser_open_image_file(Oid function, const EncoderRow *row);

/* Where it is, palloc'd, relative to the data directory. */
extern char *emoser_image_path(const EncoderId *id);

/*
 * Remove it, now or when the transaction commits.  Those who have mapped it keep what they have; who needs it again
 * makes a new one.
 */
extern void emoser_remove_image(const EncoderId *id);
extern void emoser_remove_image_at_commit(const EncoderId *id);

/* Remove files of encoders and databases that are gone, and what killed backends have left. */
extern void emoser_sweep_image_files(Oid function);

#endif
