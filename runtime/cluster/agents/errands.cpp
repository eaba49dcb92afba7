#include "errands.hpp"

namespace troupe::cluster {

void errands::begin(std::function<void()> look) {
  const std::lock_guard lock{mutex_};
  look_ = std::move(look);
  is_closed_ = false;
  worker_ = std::thread{[this] {
    work();
  }};
}

void errands::close() {
  std::map<std::uint64_t, one_long> open;
  {
    const std::lock_guard lock{mutex_};
    is_closed_ = true;
    short_.clear();
    changed_.notify_all();
  }
  if (worker_.joinable())
    worker_.join();
  {
    const std::lock_guard lock{mutex_};
    for (auto& [number, it] : long_)
      open[number].thread = std::move(it.thread);
  }
  for (auto& [number, it] : open)
    if (it.thread.joinable()) // else it was closed before
      it.thread.join();
}

bool errands::add_short(std::function<void()> what) {
  const std::lock_guard lock{mutex_};
  if (is_closed_ || short_.size() >= short_max)
    return false;
  short_.push_back(std::move(what));
  changed_.notify_all();
  return true;
}

/// Those that have ended are let go.
void errands::sweep() {
  for (auto it = long_.begin(); it != long_.end();) {
    if (!it->second.has_ended) {
      ++it;
      continue;
    }
    it->second.thread.join(); // it has nothing more to do
    it = long_.erase(it);
  }
}

bool errands::add_long(std::function<void()> what) {
  const std::lock_guard lock{mutex_};
  if (is_closed_) // `close` has the threads
    return false;
  sweep();
  if (long_.size() >= long_max)
    return false;
  const auto number = ++last_;
  long_[number].thread = std::thread{[this, number, what = std::move(what)] {
    what();
    const std::lock_guard ended{mutex_};
    long_.at(number).has_ended = true;
  }};
  return true;
}

void errands::work() {
  auto next_look = std::chrono::steady_clock::now() + pace;
  std::unique_lock lock{mutex_};
  while (!is_closed_) {
    if (short_.empty()
        && changed_.wait_until(lock, next_look) == std::cv_status::timeout) {
      lock.unlock();
      look_();
      next_look = std::chrono::steady_clock::now() + pace;
      lock.lock();
    }
    if (short_.empty())
      continue;
    const auto what = std::move(short_.front());
    short_.pop_front();
    lock.unlock();
    what();
    lock.lock();
  }
}

} // namespace troupe::cluster
