#pragma once

#include "learning/choice_file.hpp"

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace troupe {

/// Writes the choices of a learned policy to their file, on a thread of its
/// own: all that has come in while it wrote goes in one batch. Nobody waits for
/// it: when too many are on their way, or the disk refuses, records are dropped
/// and counted. What has come in before the destructor is written.
/// Thread safety: any thread.
class choice_writer final : public actors::choice_log {
public:
  static constexpr std::size_t waiting_max = 10'000;

  choice_writer(std::unique_ptr<choice_file> file,
                std::function<protocol::instant()> now);
  ~choice_writer() override;

  void answered(actors::made_choice choice) override;
  void judged(protocol::id call, std::uint32_t quality_permille) override;

  /// Records that are not in the file and never will be.
  [[nodiscard]] std::uint64_t dropped() const;

private:
  void add(choice_record it);
  void run();
  void write(const std::vector<choice_record>& batch);
  void note_dropped(std::size_t count, const std::string& why);

  std::unique_ptr<choice_file> file_; ///< The thread's.
  std::function<protocol::instant()> now_;
  mutable std::mutex mutex_; ///< Guards what follows.
  std::condition_variable changed_;
  std::vector<choice_record> waiting_; ///< At most `waiting_max`.
  std::uint64_t dropped_ = 0;
  bool is_over_ = false;
  std::thread thread_;
};

} // namespace troupe
