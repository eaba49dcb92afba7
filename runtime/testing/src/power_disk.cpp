#include "power_disk.hpp"

#include <algorithm>
#include <atomic>

namespace troupe::testing {

namespace {

constexpr std::size_t sector = 512;

std::string next_name() {
  static std::atomic<std::uint64_t> last{0};
  return "troupe-power-" + std::to_string(++last);
}

} // namespace

power_disk::power_disk(std::uint64_t seed)
    : random_(seed), name_(next_name()), vfs_(make_power_vfs(*this)) {
  sqlite3_vfs_register(&vfs_, 0);
}

power_disk::~power_disk() {
  sqlite3_vfs_unregister(&vfs_);
}

void power_disk::fail_at(std::uint64_t n, disk_fault what, bool is_at_sync) {
  left_ = n;
  is_at_sync_ = is_at_sync;
  fault_ = what;
  has_failed_ = false;
}

int power_disk::step(bool is_sync) {
  if (is_off_)
    return SQLITE_IOERR;
  if (full_steps_ > 0) {
    --full_steps_;
    return SQLITE_FULL;
  }
  const bool is_waiting = left_ == 1 && is_at_sync_ && !is_sync;
  if (left_ == 0 || is_waiting || --left_ > 0)
    return SQLITE_OK;
  has_failed_ = true;
  if (fault_ == disk_fault::full) {
    full_steps_ = random_.below(6);
    return SQLITE_FULL;
  }
  is_off_ = fault_ == disk_fault::cut;
  return SQLITE_IOERR;
}

power_disk::node_ptr power_disk::open(const char* name, int flags) {
  if (name == nullptr)
    return std::make_shared<node>();
  auto& it = files_[name];
  if (!it) {
    it = std::make_shared<node>();
    it->syncs_folder =
        (flags & (SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL)) != 0;
  }
  return it;
}

bool power_disk::exists(const std::string& name) const {
  return files_.count(name) != 0;
}

void power_disk::apply(std::string& to, const change& it) {
  if (it.is_size) {
    to.resize(it.at);
    return;
  }
  to.resize(std::max(to.size(), it.at + it.bytes.size()));
  to.replace(it.at, it.bytes.size(), it.bytes);
}

/// A part of it may have come through.
int power_disk::fail_write(node& to, const change& it, int code) {
  if (random_.coin() && !it.is_size) {
    const change part{it.at, it.bytes.substr(0, random_.below(it.bytes.size())),
                      false};
    apply(to.now, part);
    to.pending.push_back(part);
  }
  return code;
}

int power_disk::write(node& to, std::size_t at, std::string bytes) {
  change it{at, std::move(bytes), false};
  const auto code = step();
  if (code != SQLITE_OK)
    return fail_write(to, it, code == SQLITE_FULL ? code : SQLITE_IOERR_WRITE);
  apply(to.now, it);
  to.pending.push_back(std::move(it));
  return SQLITE_OK;
}

int power_disk::resize(node& to, std::size_t size) {
  const auto code = step();
  if (code == SQLITE_FULL || code == SQLITE_IOERR)
    return SQLITE_IOERR_TRUNCATE;
  const change it{size, {}, true};
  apply(to.now, it);
  to.pending.push_back(it);
  return SQLITE_OK;
}

int power_disk::sync(node& it) {
  const auto code = step(true);
  if (code == SQLITE_IOERR && !is_off_ && fault_ == disk_fault::lost_sync) {
    it.safe = after_cut(it); // some may have been written
    it.pending.clear();
    it.is_safe = true;
  }
  if (code == SQLITE_IOERR)
    return SQLITE_IOERR_FSYNC;
  if (lies)
    return SQLITE_OK;
  for (const auto& each : it.pending)
    apply(it.safe, each);
  it.pending.clear();
  it.is_safe = true;
  if (it.syncs_folder)
    sync_folder();
  it.syncs_folder = false;
  return SQLITE_OK;
}

void power_disk::sync_folder() {
  removed_.clear();
  for (auto& [name, it] : files_)
    it->is_safe = true;
}

int power_disk::remove(const std::string& name, bool is_synced) {
  if (!exists(name))
    return SQLITE_IOERR_DELETE_NOENT;
  if (step() == SQLITE_IOERR)
    return SQLITE_IOERR_DELETE;
  if (files_[name]->is_safe)
    removed_[name] = files_[name];
  files_.erase(name);
  if (is_synced && !lies)
    sync_folder();
  return SQLITE_OK;
}

/// As it was synced and after some of the changes since.
std::string power_disk::after_cut(const node& it) {
  auto size = std::vector<std::size_t>{it.safe.size()};
  auto longest = it.safe.size();
  for (const auto& each : it.pending) {
    const auto end = each.is_size ? each.at : each.at + each.bytes.size();
    size.push_back(each.is_size ? end : std::max(size.back(), end));
    longest = std::max(longest, end);
  }
  std::string out = it.safe;
  out.resize(longest);
  // In order up to some change, or each sector by itself.
  const bool is_mixed = random_.coin();
  const auto any = [&] {
    return random_.coin() ? it.pending.size()
                          : random_.below(it.pending.size() + 1);
  };
  std::vector<std::size_t> upto((longest + sector - 1) / sector, any());
  if (is_mixed)
    for (auto& count : upto)
      count = random_.coin() ? 0 : any();
  for (std::size_t i = 0; i < it.pending.size(); ++i) {
    const auto& each = it.pending[i];
    const auto end = each.is_size ? longest : each.at + each.bytes.size();
    for (auto at = each.at; at < end;) {
      const auto stop = std::min(end, (at / sector + 1) * sector);
      if (i < upto[at / sector]) {
        if (each.is_size)
          out.replace(at, stop - at, stop - at, '\0');
        else
          out.replace(at, stop - at, each.bytes, at - each.at, stop - at);
      }
      at = stop;
    }
  }
  out.resize(is_mixed || upto.empty() ? size[random_.below(size.size())]
                                      : size[upto.front()]);
  return out;
}

void power_disk::power_on() {
  std::map<std::string, node_ptr> found;
  const auto keep = [&](const std::string& name, const node& it) {
    auto back = std::make_shared<node>();
    back->now = after_cut(it);
    back->safe = back->now;
    back->is_safe = true;
    found[name] = back;
  };
  for (const auto& [name, it] : removed_)
    if (random_.coin())
      keep(name, *it);
  for (const auto& [name, it] : files_)
    if (it->is_safe || (found.count(name) == 0 && random_.coin()))
      keep(name, *it);
  files_ = std::move(found);
  removed_.clear();
  heal();
}

void power_disk::heal() {
  left_ = 0;
  full_steps_ = 0;
  is_off_ = false;
}

} // namespace troupe::testing
