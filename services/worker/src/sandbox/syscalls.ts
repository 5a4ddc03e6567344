/** The errors that a refused system call fails with. */
export const ERRORS = { EPERM: 1, ENOSYS: 38 } as const;

/** How the kernel names the two architectures that the filter is for (linux/audit.h). */
export const ARCHITECTURES = { x64: 0xc000003e, arm64: 0xc00000b7 } as const;
export type Architecture = keyof typeof ARCHITECTURES;

/** When a call is allowed after all, by the lower 32 bits of its first argument. */
export interface Exception {
  /** `has bits`: the argument shares a bit with the value. `equals`: it is the value. */
  readonly test: 'has bits' | 'equals';
  readonly value: number;
}

/** A system call that the filter refuses. An architecture without a number does not have the call. */
export interface RefusedCall {
  readonly x64?: number;
  readonly arm64?: number;
  readonly error: keyof typeof ERRORS;
  readonly unless?: Exception;
  /** The call is refused only if the lower 32 bits of its second argument are one of these commands. */
  readonly commands?: readonly number[];
}

/** Marks a new thread (linux/sched.h). */
const CLONE_THREAD = 0x10000;

/**
 * The system calls that child processes are refused, with their numbers on each architecture (asm/unistd_64.h and
 * asm-generic/unistd.h of Linux 6.17). Everything else is allowed, within the filter that the container has.
 */
export const REFUSED_CALLS = {
  // Connections of any kind: no network, no other process's sockets.
  socket: { x64: 41, arm64: 198, error: 'ENOSYS' },
  // A datagram socket of a pair can still be bound and connected to others.
  socketpair: { x64: 53, arm64: 199, error: 'ENOSYS' },
  sendmsg: { x64: 46, arm64: 211, error: 'ENOSYS' },
  sendmmsg: { x64: 307, arm64: 269, error: 'ENOSYS' },
  // Ways round the filter.
  io_uring_setup: { x64: 425, arm64: 425, error: 'ENOSYS' },
  io_uring_enter: { x64: 426, arm64: 426, error: 'ENOSYS' },
  io_uring_register: { x64: 427, arm64: 427, error: 'ENOSYS' },
  // Memory and descriptors of other processes.
  ptrace: { x64: 101, arm64: 117, error: 'ENOSYS' },
  process_vm_readv: { x64: 310, arm64: 270, error: 'ENOSYS' },
  process_vm_writev: { x64: 311, arm64: 271, error: 'ENOSYS' },
  process_madvise: { x64: 440, arm64: 440, error: 'ENOSYS' },
  process_mrelease: { x64: 448, arm64: 448, error: 'ENOSYS' },
  pidfd_open: { x64: 434, arm64: 434, error: 'ENOSYS' },
  pidfd_getfd: { x64: 438, arm64: 438, error: 'ENOSYS' },
  kcmp: { x64: 312, arm64: 272, error: 'ENOSYS' },
  move_pages: { x64: 279, arm64: 239, error: 'ENOSYS' },
  migrate_pages: { x64: 256, arm64: 238, error: 'ENOSYS' },
  // Signals.
  kill: { x64: 62, arm64: 129, error: 'ENOSYS' },
  tkill: { x64: 200, arm64: 130, error: 'ENOSYS' },
  tgkill: { x64: 234, arm64: 131, error: 'ENOSYS' },
  rt_sigqueueinfo: { x64: 129, arm64: 138, error: 'ENOSYS' },
  rt_tgsigqueueinfo: { x64: 297, arm64: 240, error: 'ENOSYS' },
  pidfd_send_signal: { x64: 424, arm64: 424, error: 'ENOSYS' },
  // The owner of a file gets a signal of the caller's choice when the file becomes ready: F_SETOWN, F_SETSIG, F_SETOWN_EX,
  // and FIOSETOWN and SIOCSPGRP for sockets.
  fcntl: { x64: 72, arm64: 25, error: 'EPERM', commands: [8, 10, 15] },
  ioctl: { x64: 16, arm64: 29, error: 'EPERM', commands: [0x8901, 0x8902] },
  // Metadata of files: Landlock does not restrict it.
  chmod: { x64: 90, error: 'EPERM' },
  fchmod: { x64: 91, arm64: 52, error: 'EPERM' },
  fchmodat: { x64: 268, arm64: 53, error: 'EPERM' },
  fchmodat2: { x64: 452, arm64: 452, error: 'EPERM' },
  chown: { x64: 92, error: 'EPERM' },
  fchown: { x64: 93, arm64: 55, error: 'EPERM' },
  lchown: { x64: 94, error: 'EPERM' },
  fchownat: { x64: 260, arm64: 54, error: 'EPERM' },
  utime: { x64: 132, error: 'EPERM' },
  utimes: { x64: 235, error: 'EPERM' },
  futimesat: { x64: 261, error: 'EPERM' },
  utimensat: { x64: 280, arm64: 88, error: 'EPERM' },
  setxattr: { x64: 188, arm64: 5, error: 'EPERM' },
  lsetxattr: { x64: 189, arm64: 6, error: 'EPERM' },
  fsetxattr: { x64: 190, arm64: 7, error: 'EPERM' },
  setxattrat: { x64: 463, arm64: 463, error: 'EPERM' },
  getxattr: { x64: 191, arm64: 8, error: 'EPERM' },
  lgetxattr: { x64: 192, arm64: 9, error: 'EPERM' },
  fgetxattr: { x64: 193, arm64: 10, error: 'EPERM' },
  getxattrat: { x64: 464, arm64: 464, error: 'EPERM' },
  listxattr: { x64: 194, arm64: 11, error: 'EPERM' },
  llistxattr: { x64: 195, arm64: 12, error: 'EPERM' },
  flistxattr: { x64: 196, arm64: 13, error: 'EPERM' },
  listxattrat: { x64: 465, arm64: 465, error: 'EPERM' },
  removexattr: { x64: 197, arm64: 14, error: 'EPERM' },
  lremovexattr: { x64: 198, arm64: 15, error: 'EPERM' },
  fremovexattr: { x64: 199, arm64: 16, error: 'EPERM' },
  removexattrat: { x64: 466, arm64: 466, error: 'EPERM' },
  file_setattr: { x64: 469, arm64: 469, error: 'EPERM' },
  file_getattr: { x64: 468, arm64: 468, error: 'EPERM' },
  // Watches and handles: they reveal files below folders that Landlock refuses, such as the ids of new jobs.
  inotify_init: { x64: 253, error: 'EPERM' },
  inotify_init1: { x64: 294, arm64: 26, error: 'EPERM' },
  inotify_add_watch: { x64: 254, arm64: 27, error: 'EPERM' },
  inotify_rm_watch: { x64: 255, arm64: 28, error: 'EPERM' },
  fanotify_init: { x64: 300, arm64: 262, error: 'EPERM' },
  fanotify_mark: { x64: 301, arm64: 263, error: 'EPERM' },
  name_to_handle_at: { x64: 303, arm64: 264, error: 'EPERM' },
  open_by_handle_at: { x64: 304, arm64: 265, error: 'EPERM' },
  // Priorities and schedulers, also of other processes. Node's locks read their own (pthread_getschedparam).
  setpriority: { x64: 141, arm64: 140, error: 'EPERM' },
  getpriority: { x64: 140, arm64: 141, error: 'EPERM' },
  sched_setparam: { x64: 142, arm64: 118, error: 'EPERM' },
  sched_setscheduler: { x64: 144, arm64: 119, error: 'EPERM' },
  sched_setattr: { x64: 314, arm64: 274, error: 'EPERM' },
  sched_getattr: { x64: 315, arm64: 275, error: 'EPERM' },
  sched_setaffinity: { x64: 203, arm64: 122, error: 'EPERM' },
  ioprio_set: { x64: 251, arm64: 30, error: 'EPERM' },
  ioprio_get: { x64: 252, arm64: 31, error: 'EPERM' },
  // Shared memory, semaphores and message queues, which all processes of the container share.
  shmget: { x64: 29, arm64: 194, error: 'EPERM' },
  shmat: { x64: 30, arm64: 196, error: 'EPERM' },
  shmctl: { x64: 31, arm64: 195, error: 'EPERM' },
  shmdt: { x64: 67, arm64: 197, error: 'EPERM' },
  semget: { x64: 64, arm64: 190, error: 'EPERM' },
  semop: { x64: 65, arm64: 193, error: 'EPERM' },
  semtimedop: { x64: 220, arm64: 192, error: 'EPERM' },
  semctl: { x64: 66, arm64: 191, error: 'EPERM' },
  msgget: { x64: 68, arm64: 186, error: 'EPERM' },
  msgsnd: { x64: 69, arm64: 189, error: 'EPERM' },
  msgrcv: { x64: 70, arm64: 188, error: 'EPERM' },
  msgctl: { x64: 71, arm64: 187, error: 'EPERM' },
  mq_open: { x64: 240, arm64: 180, error: 'EPERM' },
  mq_unlink: { x64: 241, arm64: 181, error: 'EPERM' },
  mq_timedsend: { x64: 242, arm64: 182, error: 'EPERM' },
  mq_timedreceive: { x64: 243, arm64: 183, error: 'EPERM' },
  mq_notify: { x64: 244, arm64: 184, error: 'EPERM' },
  mq_getsetattr: { x64: 245, arm64: 185, error: 'EPERM' },
  // New processes. Without clone3, which hides its flags from a filter, the C library uses clone.
  fork: { x64: 57, error: 'EPERM' },
  vfork: { x64: 58, error: 'EPERM' },
  clone: { x64: 56, arm64: 220, error: 'EPERM', unless: { test: 'has bits', value: CLONE_THREAD } },
  clone3: { x64: 435, arm64: 435, error: 'ENOSYS' },
  // Namespaces and parts of the kernel that have often had holes.
  unshare: { x64: 272, arm64: 97, error: 'EPERM' },
  setns: { x64: 308, arm64: 268, error: 'EPERM' },
  bpf: { x64: 321, arm64: 280, error: 'EPERM' },
  perf_event_open: { x64: 298, arm64: 241, error: 'EPERM' },
  userfaultfd: { x64: 323, arm64: 282, error: 'EPERM' },
  add_key: { x64: 248, arm64: 217, error: 'EPERM' },
  request_key: { x64: 249, arm64: 218, error: 'EPERM' },
  keyctl: { x64: 250, arm64: 219, error: 'EPERM' },
  // Limits of other processes. 0 is the process itself, whose limits the runtime reads.
  prlimit64: { x64: 302, arm64: 261, error: 'EPERM', unless: { test: 'equals', value: 0 } },
} as const satisfies Record<string, RefusedCall>;
