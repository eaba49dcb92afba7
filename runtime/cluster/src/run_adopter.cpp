#include "run_adopter.hpp"

#include "journal/journal_file.hpp"

#include <troupe/actors/log.hpp>

#include <random>

namespace troupe::cluster {

namespace {

/// A run that could not be gone on with here is left to others for so long.
constexpr std::chrono::seconds refused_for{30};

} // namespace

run_adopter::run_adopter(runtime& host, std::string journal,
                         protocol::duration pace,
                         std::shared_ptr<const std::atomic<bool>> is_draining)
    : host_(host), journal_(std::move(journal)), pace_(pace),
      is_draining_(std::move(is_draining)),
      thread_([this](const std::stop_token& stops) { work(stops); }) {}

void run_adopter::work(const std::stop_token& stops) {
  std::mt19937_64 random{std::random_device{}()};
  while (!stops.stop_requested()) {
    const auto pause = pace_ / 2 + pace_ * (random() % 1'000) / 1'000;
    {
      std::unique_lock lock{mutex_};
      ends_.wait_for(lock, stops, pause, [] { return false; });
    }
    if (!stops.stop_requested() && !*is_draining_)
      look();
  }
}

void run_adopter::look() {
  const auto journal = open_journal_file(journal_);
  if (!journal)
    return actors::log(actors::log_level::warn, "cluster", "adopter.no_journal",
                       "why=" + journal.error().detail);
  const auto orphans = (*journal)->orphans();
  if (!orphans)
    return actors::log(actors::log_level::warn, "cluster", "adopter.no_list",
                       "why=" + orphans.error().detail);
  const auto now = std::chrono::steady_clock::now();
  std::erase_if(refused_, [&](const auto& it) { return it.second <= now; });
  for (const auto& it : *orphans)
    if (refused_.count(it.run) == 0 && !*is_draining_)
      adopt(it.run);
}

void run_adopter::adopt(protocol::id run) {
  const auto resumed = host_.resume(run);
  if (resumed) {
    ++adopted_;
    actors::log(actors::log_level::info, "cluster", "run.adopted",
                "run=" + to_string(run));
    return;
  }
  actors::log(actors::log_level::info, "cluster", "run.not_adopted",
              "run=" + to_string(run) + " why=" + resumed.error().detail);
  if (refused_.size() < refused_max)
    refused_[run] = std::chrono::steady_clock::now() + refused_for;
}

} // namespace troupe::cluster
