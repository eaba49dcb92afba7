#include "learning/choice_writer.hpp"

#include <troupe/actors/log.hpp>

#include <bit>
#include <utility>

namespace troupe {

choice_writer::choice_writer(std::unique_ptr<choice_file> file,
                             std::function<protocol::instant()> now)
    : file_(std::move(file)), now_(std::move(now)), thread_([this] { run(); }) {
}

choice_writer::~choice_writer() {
  {
    const std::lock_guard lock{mutex_};
    is_over_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void choice_writer::answered(actors::made_choice choice) {
  add({now_(), std::move(choice)});
}

void choice_writer::judged(protocol::id call, std::uint32_t quality_permille) {
  add({now_(), protocol::judge_answer{call, quality_permille}});
}

std::uint64_t choice_writer::dropped() const {
  const std::lock_guard lock{mutex_};
  return dropped_;
}

void choice_writer::add(choice_record it) {
  bool is_full = false;
  {
    const std::lock_guard lock{mutex_};
    is_full = waiting_.size() >= waiting_max;
    if (!is_full)
      waiting_.push_back(std::move(it));
  }
  if (is_full)
    note_dropped(1, "too many wait for the disk");
  else
    changed_.notify_one();
}

void choice_writer::run() {
  for (bool is_over = false; !is_over;) {
    std::vector<choice_record> batch;
    {
      std::unique_lock lock{mutex_};
      changed_.wait(lock, [this] { return is_over_ || !waiting_.empty(); });
      batch = std::exchange(waiting_, {});
      is_over = is_over_;
    }
    if (!batch.empty())
      write(batch);
  }
}

void choice_writer::write(const std::vector<choice_record>& batch) {
  if (const auto done = file_->write(batch); !done)
    note_dropped(batch.size(), done.error().detail);
}

/// Told each time that their number has doubled.
void choice_writer::note_dropped(std::size_t count, const std::string& why) {
  std::uint64_t before = 0;
  std::uint64_t all = 0;
  {
    const std::lock_guard lock{mutex_};
    before = dropped_;
    all = dropped_ += count;
  }
  if (std::bit_width(before) != std::bit_width(all))
    actors::log(actors::log_level::warn, "learning", "dropped",
                "records=" + std::to_string(all) + " why=" + why);
}

} // namespace troupe
