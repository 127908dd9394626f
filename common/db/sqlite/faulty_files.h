#ifndef TSUNAGU_COMMON_DB_SQLITE_FAULTY_FILES_H_
#define TSUNAGU_COMMON_DB_SQLITE_FAULTY_FILES_H_

#include <sqlite3.h>

#include <atomic>
#include <cstdint>
#include <map>
#include <utility>

#include "common/base/mutex.h"

namespace tsunagu::store {

// For tests only: a file system for SQLite with injected faults, for all databases opened after Install.
struct FaultyFiles {
  // The result of writing or syncing logs, from the next call on. SQLITE_OK: the operation is executed.
  static inline std::atomic<int> write_answer{SQLITE_OK};
  static inline std::atomic<int> sync_answer{SQLITE_OK};

  enum class Fault {
    kError,         // EIO
    kNoSpace,       // ENOSPC when the operation would grow a file, else EIO
    kHalfAWrite,    // a part of the write is stored, then EIO
    kSyncThenFull,  // EIO of a sync, ENOSPC of all writes after it: space that was promised but is missing
  };
  // Makes the n-th operation on any file from now on fail, counting from 1; `lasting`: all operations after it too.
  static void Fail(int64_t n, Fault fault, bool lasting) {
    fault_ = fault;
    lasting_ = lasting;
    failures_ = 0;
    left_ = n;
  }
  // Ends all faults. Returns how many operations have failed.
  static int64_t Heal() {
    left_ = 0;
    return failures_;
  }

  // Makes it the default file system of this process.
  static void Install() {
    static sqlite3_vfs vfs = [] {
      sqlite3_vfs copy = *Real();
      copy.zName = "faulty";
      copy.xOpen = Open;
      copy.xDelete = Delete;
      return copy;
    }();
    sqlite3_vfs_register(&vfs, 1);
  }

 private:
  static sqlite3_vfs* Real() { return sqlite3_vfs_find("unix"); }

  // Returns `error` when this operation has to fail, else SQLITE_OK.
  static int Next(int error, bool grows = false) {
    int64_t left = left_.load();
    while (left > 1 && !left_.compare_exchange_weak(left, left - 1)) {
    }
    if (left != 1) return SQLITE_OK;
    const Fault fault = fault_;
    if (fault == Fault::kSyncThenFull && failures_ == 0 && error != SQLITE_IOERR_FSYNC) return SQLITE_OK;
    if (fault == Fault::kSyncThenFull && failures_ > 0 && !grows) return SQLITE_OK;
    if (!lasting_ && fault != Fault::kSyncThenFull) left_ = 0;
    const bool full = grows && (fault == Fault::kNoSpace || fault == Fault::kSyncThenFull);
    ++failures_;
    return full ? SQLITE_FULL : error;
  }

  static int Open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out_flags) {
    file->pMethods = nullptr;
    if (const int error = Next(SQLITE_CANTOPEN); error != SQLITE_OK) return error;
    const int result = Real()->xOpen(Real(), name, file, flags, out_flags);
    if (result != SQLITE_OK) return result;
    file->pMethods = Wrap(file->pMethods, (flags & SQLITE_OPEN_WAL) != 0);
    return result;
  }

  static int Delete(sqlite3_vfs*, const char* name, int sync_folder) {
    const int error = Next(SQLITE_IOERR_DELETE);
    return error == SQLITE_OK ? Real()->xDelete(Real(), name, sync_folder) : error;
  }

  // Our methods of a file, and SQLite's own, which differ by kind of file.
  struct Wrapped {
    sqlite3_io_methods ours;
    const sqlite3_io_methods* real;
  };
  static const sqlite3_io_methods* Of(sqlite3_file* file) {
    return reinterpret_cast<const Wrapped*>(file->pMethods)->real;
  }
  static const sqlite3_io_methods* Wrap(const sqlite3_io_methods* real, bool log) {
    static Mutex& mutex = *new Mutex;
    static auto& known = *new std::map<std::pair<const sqlite3_io_methods*, bool>, Wrapped>;
    MutexLock lock(mutex);
    return &known.try_emplace({real, log}, Wrapped{Methods(*real, log), real}).first->second.ours;
  }

  static sqlite3_io_methods Methods(const sqlite3_io_methods& real, bool log) {
    sqlite3_io_methods copy = real;
    copy.xRead = [](sqlite3_file* file, void* bytes, int size, sqlite3_int64 offset) {
      const int error = Next(SQLITE_IOERR_READ);
      return error == SQLITE_OK ? Of(file)->xRead(file, bytes, size, offset) : error;
    };
    copy.xTruncate = [](sqlite3_file* file, sqlite3_int64 size) {
      const int error = Next(SQLITE_IOERR_TRUNCATE);
      return error == SQLITE_OK ? Of(file)->xTruncate(file, size) : error;
    };
    copy.xFileSize = [](sqlite3_file* file, sqlite3_int64* size) {
      const int error = Next(SQLITE_IOERR_FSTAT);
      return error == SQLITE_OK ? Of(file)->xFileSize(file, size) : error;
    };
    copy.xLock = [](sqlite3_file* file, int lock) {
      const int error = Next(SQLITE_IOERR_LOCK);
      return error == SQLITE_OK ? Of(file)->xLock(file, lock) : error;
    };
    copy.xShmMap = [](sqlite3_file* file, int page, int size, int extend, void volatile** memory) {
      const int error = Next(SQLITE_IOERR_SHMMAP);
      return error == SQLITE_OK ? Of(file)->xShmMap(file, page, size, extend, memory) : error;
    };
    copy.xWrite = log ? WriteLog : Write;
    copy.xSync = log ? SyncLog : Sync;
    return copy;
  }

  static int Write(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 offset) {
    const int error = Next(SQLITE_IOERR_WRITE, /*grows=*/true);
    if (error == SQLITE_OK) return Of(file)->xWrite(file, bytes, size, offset);
    if (fault_ == Fault::kHalfAWrite) (void)Of(file)->xWrite(file, bytes, size / 2, offset);
    return error;
  }
  static int WriteLog(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 offset) {
    const int answer = write_answer;
    return answer == SQLITE_OK ? Write(file, bytes, size, offset) : answer;
  }

  static int Sync(sqlite3_file* file, int flags) {
    const int error = Next(SQLITE_IOERR_FSYNC);
    return error == SQLITE_OK ? Of(file)->xSync(file, flags) : error;
  }
  static int SyncLog(sqlite3_file* file, int flags) {
    const int answer = sync_answer;
    return answer == SQLITE_OK ? Sync(file, flags) : answer;
  }

  static inline std::atomic<int64_t> left_{0};  // operations until the fault; 0: no fault, 1: the next one
  static inline std::atomic<int64_t> failures_{0};
  static inline std::atomic<Fault> fault_{Fault::kError};
  static inline std::atomic<bool> lasting_{false};
};

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_DB_SQLITE_FAULTY_FILES_H_
