/*
 * Preloaded into a program, stops it where everything is linked and main() has not begun, and has
 * it copy itself on request: see zygote.py. A request is one datagram with the three descriptors
 * of a copy's standard streams: the number of its arguments, then arguments and environment, each
 * ended by a zero byte. The copy answers with its pid, as a child of whoever started the program.
 *
 * Compiled without headers: a compiler is all that it takes.
 */

typedef unsigned long size_t;
typedef long ssize_t;

struct iovec {
  void *base;
  size_t length;
};

struct msghdr {
  void *name;
  unsigned name_length;
  struct iovec *parts;
  size_t part_count;
  void *control;
  size_t control_length;
  int flags;
};

/* A cmsghdr with room for what is sent. */
struct descriptors {
  size_t length;
  int level;
  int type;
  int fds[3];
};

extern char **environ;
extern void *dlsym(void *, const char *);
extern void *malloc(size_t);
extern char *getenv(const char *);
extern int atoi(const char *);
extern size_t strlen(const char *);
extern ssize_t recvmsg(int, struct msghdr *, int);
extern ssize_t send(int, const void *, size_t, int);
extern int dup2(int, int);
extern int close(int);
extern int setsid(void);
extern int getpid(void);
extern int prctl(int, ...);
extern long syscall(long, ...);
extern void _exit(int);

enum { SYS_CLONE = 56, PARENT = 0x8000, CHILD_SETTID = 0x1000000, SIGNAL_CHILD = 17 };
enum { GET_TID_ADDRESS = 40, NO_SIGNAL = 0x4000 };
enum { SET_MEMORY = 35, ARGUMENTS_START = 8, ARGUMENTS_END = 9 };
enum { LARGEST = 65536, MOST_WORDS = 4096 };

/* Not static: arguments that are to be seen by others lie in no file's memory. */
static char *request;
static char *words[MOST_WORDS + 2];

/* Splits a request into argv and, behind its end, the environment, as main() finds them. */
static int split(ssize_t length) {
  int count = *(int *)request;
  int words_seen = 0, at = 0;
  char *word = request + sizeof(int);
  request[length] = 0;
  while (word < request + length && at < MOST_WORDS) {
    if (words_seen == count) words[at++] = 0;
    words[at++] = word;
    words_seen++;
    word += strlen(word) + 1;
  }
  if (words_seen <= count) words[at++] = 0;
  words[at] = 0;
  /* What ps shows: the arguments lie in the request as they do on a program's stack. */
  prctl(SET_MEMORY, ARGUMENTS_START, words[0], 0, 0);
  prctl(SET_MEMORY, ARGUMENTS_END, words[count + 1] ? words[count + 1] : word, 0, 0);
  return count;
}

/*
 * A child of our own parent, whom it is to answer to. What libc's fork() would do besides is to
 * tell libc the new thread's number.
 */
static long copy(void) {
  int *number = 0;
  long flags = PARENT | SIGNAL_CHILD;
  if (prctl(GET_TID_ADDRESS, &number, 0, 0, 0) == 0 && number) flags |= CHILD_SETTID;
  return syscall(SYS_CLONE, flags, 0, 0, number, 0);
}

/* Returns in each copy, with the number of its arguments. */
static int serve(int channel) {
  request = malloc(LARGEST + 1);
  if (!request) _exit(0);
  send(channel, "!", 1, NO_SIGNAL);
  for (;;) {
    struct descriptors rights;
    struct iovec part = {request, LARGEST};
    struct msghdr message = {0, 0, &part, 1, &rights, sizeof rights, 0};
    ssize_t length = recvmsg(channel, &message, 0);
    int is_whole = rights.length == sizeof(size_t) + 2 * sizeof(int) + sizeof rights.fds;
    if (length < (ssize_t)sizeof(int) || !is_whole) _exit(0);
    long copied = copy();
    if (copied == 0) {
      int fd, pid = getpid();
      setsid();
      for (fd = 0; fd < 3; fd++) dup2(rights.fds[fd], fd);
      for (fd = 0; fd < 3; fd++) close(rights.fds[fd]);
      /* Whoever gave up waiting starts the program otherwise: it must not run twice. */
      if (send(channel, &pid, sizeof pid, NO_SIGNAL) != sizeof pid) _exit(1);
      close(channel);
      return split(length);
    }
    if (copied < 0) _exit(1);
    for (int fd = 0; fd < 3; fd++) close(rights.fds[fd]);
  }
}

/* What a program's first instructions call, with its main() and the stack that it was given. */
int __libc_start_main(void *main, int argc, char **argv, void *init, void *fini, void *end,
                      void *stack) {
  int (*next)(void *, int, char **, void *, void *, void *, void *) =
      dlsym((void *)-1, "__libc_start_main");
  char *channel = getenv("XENLOOP_ZYGOTE");
  if (channel) {
    argc = serve(atoi(channel));
    argv = words;
    environ = words + argc + 1;
  }
  return next(main, argc, argv, init, fini, end, stack);
}
