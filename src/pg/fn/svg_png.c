/*
 * svg_png.c
 *	  emoser_svg_to_png(): SVG drawn as PNG, in a process of its own.
 *
 * The libraries that draw end their process when memory runs out, and may start threads: both must
 * not happen to a backend.  So a child is forked for each picture, with limits on its time and
 * memory; it writes the PNG into a pipe and ends.  The backend itself never loads the libraries, and
 * can be cancelled while it waits.
 */
#include "pg/base/glue.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "pgstat.h"
#include "storage/fd.h"
#include "storage/ipc.h"
#include "storage/latch.h"
#include "storage/pg_shmem.h"
#include "utils/builtins.h"
#if PG_VERSION_NUM >= 180000
#include "storage/waiteventset.h"
#endif

#include "core/draw/svg_png.h"
#include "pg/draw/result.h"

/* What a picture may take; those of emoser take 0.1 s and 20 MB. */
#define MAX_CPU_S     20
#define MAX_MEMORY_MB 1024

#define PIPE_CHUNK    65536

/* Other C libraries don't even know the macro that tells the version. */
#ifdef __GLIBC__
#if __GLIBC_PREREQ(2, 34)
#define HAS_CLOSE_RANGE
#endif
#endif

/* What the child sends first; the PNG follows. */
typedef struct Reply
{
	EmoStatus status;
	char message[256], detail[512], hint[512];
	uint64 n_png; /* a child that is ended has sent less */
} Reply;

/* A child at work, and the end of its pipe that is read. */
typedef struct Drawing
{
	pid_t child;
	int pipe_end;
} Drawing;

static void *
child_alloc(void *host, size_t size)
{
	(void) host;
	return malloc(size);
}

static void
child_release(void *host, void *block)
{
	(void) host;
	free(block);
}

static bool
child_goes_on(void *host)
{
	(void) host;
	return false;
}

static void
limit(int resource, rlim_t most)
{
	struct rlimit value = {most, most};

	/* It may be lower already. */
	(void) setrlimit(resource, &value);
}

/* Nothing of the backend's may happen here: neither its signal handlers nor its exit callbacks. */
static void
leave_the_backend(void)
{
	static const int handled[] = {SIGHUP,  SIGQUIT, SIGALRM, SIGPIPE, SIGUSR1, SIGUSR2,
								  SIGCHLD, SIGFPE,  SIGURG,  SIGIO,   SIGSEGV, SIGBUS};
	sigset_t none;

	/* Even if a library calls exit(); and no fault of theirs can write to shared memory. */
	on_exit_reset();
	PGSharedMemoryDetach();
	for (int i = 0; i < (int) lengthof(handled); i++)
		signal(handled[i], SIG_DFL);
	/* Cancels go to the process group; the backend must see them before the pipe ends. */
	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	/* Fontconfig may want to write a cache, and must not. */
	signal(SIGXFSZ, SIG_IGN);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	limit(RLIMIT_FSIZE, 0);
	limit(RLIMIT_CORE, 0);
	limit(RLIMIT_CPU, MAX_CPU_S);
#ifdef __linux__
	{
		/* The backend's own memory counts too: shared with it, but in the child's address space. */
		long pages = 0;
		FILE *statm = fopen("/proc/self/statm", "r");

		if (statm != NULL && fscanf(statm, "%*d %*d %*d %*d %*d %ld", &pages) == 1)
			limit(RLIMIT_DATA,
				  (rlim_t) pages * sysconf(_SC_PAGESIZE) + (rlim_t) MAX_MEMORY_MB * 1024 * 1024);
		if (statm != NULL)
			fclose(statm);
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		/* The backend may have died before. */
		if (getppid() != MyProcPid)
			_exit(1);
	}
#endif
}

static void
write_all(int pipe_end, const void *bytes, size_t n)
{
	while (n > 0)
	{
		ssize_t written = write(pipe_end, bytes, n);

		if (written <= 0)
			_exit(1);
		bytes = (const char *) bytes + written;
		n -= (size_t) written;
	}
}

static void
draw_in_child(int pipe_end, const char *svg, size_t n_bytes, int width)
{
	EmoEnv env = {.alloc = child_alloc, .release = child_release, .should_stop = child_goes_on};
	Reply reply = {0};
	uint8_t *png = NULL;
	size_t n_png = 0;

	leave_the_backend();
	reply.status = emo_svg_to_png(&env, svg, n_bytes, width, &png, &n_png);
	memcpy(reply.message, env.message, sizeof(reply.message));
	memcpy(reply.detail, env.detail, sizeof(reply.detail));
	memcpy(reply.hint, env.hint, sizeof(reply.hint));
	reply.n_png = n_png;
	write_all(pipe_end, &reply, sizeof(reply));
	if (reply.status == EMO_OK)
		write_all(pipe_end, png, n_png);
	_exit(0);
}

/* All that comes through a pipe, while the user may cancel: reading itself must not wait. */
static void
read_all(int pipe_end, StringInfo received)
{
	for (;;)
	{
		ssize_t n;

		(void) WaitLatchOrSocket(MyLatch, WL_LATCH_SET | WL_SOCKET_READABLE | WL_EXIT_ON_PM_DEATH,
								 pipe_end, -1, PG_WAIT_EXTENSION);
		ResetLatch(MyLatch);
		CHECK_FOR_INTERRUPTS();
		enlargeStringInfo(received, PIPE_CHUNK);
		n = read(pipe_end, received->data + received->len, PIPE_CHUNK);
		if (n == 0)
			return;
		if (n > 0)
			received->len += (int) n;
		else if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR)
			ereport(ERROR, (errcode_for_file_access(),
							errmsg("could not read a picture from a pipe: %m")));
	}
}

/* The files and sockets of the backend are no business of the child; returns the pipe's new number. */
static int
keep_only(int pipe_end)
{
#ifdef HAS_CLOSE_RANGE
	int kept = STDERR_FILENO + 1;

	if (pipe_end != kept && dup2(pipe_end, kept) < 0)
		_exit(1);
	(void) close_range(kept + 1, ~0U, 0);
	return kept;
#else
	return pipe_end;
#endif
}

/* Raises, with errno as it was when something failed. */
static void
raise_no_child(int sqlstate, const char *message)
{
	int failure = errno;

	ReleaseExternalFD();
	errno = failure;
	ereport(ERROR, (errcode(sqlstate), errmsg("%s: %m", message)));
}

static Drawing
start_child(const char *svg, size_t n_bytes, int width)
{
	int pipe_ends[2], failure;
	sigset_t all, before;
	Drawing drawing;

	if (!AcquireExternalFD())
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_RESOURCES), errmsg("too many files are open: %m")));
	if (pipe(pipe_ends) != 0)
		raise_no_child(ERRCODE_INSUFFICIENT_RESOURCES, "could not create a pipe");
	if (!pg_set_noblock(pipe_ends[0]))
	{
		close(pipe_ends[0]);
		close(pipe_ends[1]);
		raise_no_child(ERRCODE_INTERNAL_ERROR, "could not set up a pipe");
	}
	/* The handlers of the backend must not run in the child. */
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &before);
	fflush(NULL);
	drawing.child = fork();
	if (drawing.child == 0)
		draw_in_child(keep_only(pipe_ends[1]), svg, n_bytes, width);
	failure = errno;
	sigprocmask(SIG_SETMASK, &before, NULL);
	close(pipe_ends[1]);
	drawing.pipe_end = pipe_ends[0];
	if (drawing.child < 0)
	{
		close(pipe_ends[0]);
		errno = failure;
		raise_no_child(ERRCODE_OUT_OF_MEMORY, "could not fork a process");
	}
	return drawing;
}

/* It has ended, or nobody waits for it any more. */
static void
end_child(int code, Datum argument)
{
	Drawing *drawing = (Drawing *) DatumGetPointer(argument);

	(void) code;
	kill(drawing->child, SIGKILL);
	while (waitpid(drawing->child, NULL, 0) < 0 && errno == EINTR)
		;
	close(drawing->pipe_end);
	ReleaseExternalFD();
}

static bytea *
take_reply(const StringInfoData *received)
{
	const Reply *reply = (const Reply *) received->data;
	int n_png = received->len - (int) sizeof(Reply);
	bytea *png;
	EmoEnv env;

	emoser_env_init(&env, CurrentMemoryContext);
	if (n_png < 0 || (uint64) n_png != reply->n_png)
	{
		emo_fail(&env, EMO_LIMIT_EXCEEDED, "drawing the SVG takes too much");
		emo_set_detail(&env, "It may take %d s of a processor and %d MB of memory.", MAX_CPU_S,
					   MAX_MEMORY_MB);
		emoser_raise(&env);
	}
	if (reply->status != EMO_OK)
	{
		emo_fail(&env, reply->status, "%s", reply->message);
		emo_set_detail(&env, "%s", reply->detail);
		emo_set_hint(&env, "%s", reply->hint);
		emoser_raise(&env);
	}
	png = palloc(VARHDRSZ + (Size) n_png);
	SET_VARSIZE(png, VARHDRSZ + (Size) n_png);
	memcpy(VARDATA(png), received->data + sizeof(Reply), (Size) n_png);
	return png;
}

/* The declaration names the encoding of a file; as a text it has that of the database. */
static const char *
past_declaration(const char *svg)
{
	const char *end = strncmp(svg, "<?xml", 5) == 0 ? strstr(svg, "?>") : NULL;

	return end != NULL ? end + 2 : svg;
}

PG_FUNCTION_INFO_V1(emoser_svg_to_png);
Datum
emoser_svg_to_png(PG_FUNCTION_ARGS)
{
	char *source = text_to_cstring(PG_GETARG_TEXT_PP(0));
	const char *svg = past_declaration(emoser_plot_text(source));
	StringInfoData received;
	Drawing drawing;

	initStringInfo(&received);
	drawing = start_child(svg, strlen(svg), PG_GETARG_INT32(1));
	/* Also if the session ends. */
	PG_ENSURE_ERROR_CLEANUP(end_child, PointerGetDatum(&drawing));
	{
		read_all(drawing.pipe_end, &received);
	}
	PG_END_ENSURE_ERROR_CLEANUP(end_child, PointerGetDatum(&drawing));
	end_child(0, PointerGetDatum(&drawing));
	PG_RETURN_BYTEA_P(take_reply(&received));
}
