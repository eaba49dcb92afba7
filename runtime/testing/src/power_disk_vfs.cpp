#include "power_disk.hpp"

#include <algorithm>
#include <cstring>
#include <new>

namespace troupe::testing {

namespace {

struct open_file {
  sqlite3_file base;
  power_disk* disk;
  power_disk::node_ptr node;
};

open_file& file_of(sqlite3_file* it) {
  return *reinterpret_cast<open_file*>(it);
}

power_disk& disk_of(sqlite3_vfs* it) {
  return *static_cast<power_disk*>(it->pAppData);
}

int close_file(sqlite3_file* it) {
  file_of(it).node.~shared_ptr();
  return SQLITE_OK;
}

int read_file(sqlite3_file* it, void* to, int count, sqlite3_int64 at) {
  const auto& file = file_of(it);
  if (file.disk->is_off())
    return SQLITE_IOERR_READ;
  const auto& bytes = file.node->now;
  const auto begin = std::min(static_cast<std::size_t>(at), bytes.size());
  const auto found =
      std::min(static_cast<std::size_t>(count), bytes.size() - begin);
  std::memcpy(to, bytes.data() + begin, found);
  if (found == static_cast<std::size_t>(count))
    return SQLITE_OK;
  std::memset(static_cast<char*>(to) + found, 0,
              static_cast<std::size_t>(count) - found);
  return SQLITE_IOERR_SHORT_READ;
}

int write_file(sqlite3_file* it, const void* from, int count,
               sqlite3_int64 at) {
  auto& file = file_of(it);
  return file.disk->write(
      *file.node, static_cast<std::size_t>(at),
      {static_cast<const char*>(from), static_cast<std::size_t>(count)});
}

int truncate_file(sqlite3_file* it, sqlite3_int64 size) {
  auto& file = file_of(it);
  return file.disk->resize(*file.node, static_cast<std::size_t>(size));
}

int sync_file(sqlite3_file* it, int) {
  auto& file = file_of(it);
  return file.disk->sync(*file.node);
}

int size_of_file(sqlite3_file* it, sqlite3_int64* to) {
  *to = static_cast<sqlite3_int64>(file_of(it).node->now.size());
  return file_of(it).disk->is_off() ? SQLITE_IOERR_FSTAT : SQLITE_OK;
}

int lock_file(sqlite3_file*, int) {
  return SQLITE_OK;
}

int check_lock(sqlite3_file*, int* to) {
  *to = 0;
  return SQLITE_OK;
}

int control_file(sqlite3_file*, int, void*) {
  return SQLITE_NOTFOUND;
}

int sector_size(sqlite3_file*) {
  return 512;
}

int characteristics(sqlite3_file*) {
  return SQLITE_IOCAP_POWERSAFE_OVERWRITE; // as SQLite's own says
}

sqlite3_io_methods make_methods() {
  sqlite3_io_methods it{};
  it.iVersion = 1;
  it.xClose = close_file;
  it.xRead = read_file;
  it.xWrite = write_file;
  it.xTruncate = truncate_file;
  it.xSync = sync_file;
  it.xFileSize = size_of_file;
  it.xLock = lock_file;
  it.xUnlock = lock_file;
  it.xCheckReservedLock = check_lock;
  it.xFileControl = control_file;
  it.xSectorSize = sector_size;
  it.xDeviceCharacteristics = characteristics;
  return it;
}

int open_named(sqlite3_vfs* vfs, const char* name, sqlite3_file* to, int flags,
               int* flags_out) {
  static const auto methods = make_methods();
  auto& file = file_of(to);
  file.base.pMethods = nullptr;
  if (disk_of(vfs).is_off())
    return SQLITE_CANTOPEN;
  file.disk = &disk_of(vfs);
  new (&file.node) power_disk::node_ptr{file.disk->open(name, flags)};
  file.base.pMethods = &methods;
  if (flags_out != nullptr)
    *flags_out = flags;
  return SQLITE_OK;
}

int remove_named(sqlite3_vfs* vfs, const char* name, int is_synced) {
  return disk_of(vfs).remove(name, is_synced != 0);
}

int access_named(sqlite3_vfs* vfs, const char* name, int, int* to) {
  *to = disk_of(vfs).exists(name) ? 1 : 0;
  return disk_of(vfs).is_off() ? SQLITE_IOERR_ACCESS : SQLITE_OK;
}

int full_name(sqlite3_vfs*, const char* name, int size, char* to) {
  sqlite3_snprintf(size, to, "%s", name);
  return SQLITE_OK;
}

int randomness(sqlite3_vfs* vfs, int size, char* to) {
  for (int i = 0; i < size; ++i)
    to[i] = static_cast<char>(disk_of(vfs).random().next());
  return size;
}

int no_pause(sqlite3_vfs*, int microseconds) {
  return microseconds;
}

int current_time(sqlite3_vfs*, double* to) {
  *to = 2'460'000.5;
  return SQLITE_OK;
}

int last_error(sqlite3_vfs*, int, char*) {
  return 0;
}

} // namespace

sqlite3_vfs make_power_vfs(power_disk& disk) {
  sqlite3_vfs it{};
  it.iVersion = 1;
  it.szOsFile = sizeof(open_file);
  it.mxPathname = 1'024;
  it.zName = disk.vfs().c_str();
  it.pAppData = &disk;
  it.xOpen = open_named;
  it.xDelete = remove_named;
  it.xAccess = access_named;
  it.xFullPathname = full_name;
  it.xRandomness = randomness;
  it.xSleep = no_pause;
  it.xCurrentTime = current_time;
  it.xGetLastError = last_error;
  return it;
}

} // namespace troupe::testing
