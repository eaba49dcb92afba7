#include "engine/wish_watch.hpp"

#include <troupe/actors/driving.hpp>
#include <troupe/actors/log.hpp>

#include <caf/all.hpp>

#include <mutex>
#include <unistd.h>

namespace troupe {

namespace {

constexpr std::chrono::milliseconds pace{250};

} // namespace

/// What a watch looks after. Thread-safe.
struct wish_watch::desk {
  struct followed {
    std::shared_ptr<mission_run::shared_state> run;
    std::vector<std::int64_t> taken; ///< Wishes that await its end.
  };

  std::string journal;
  clock now;
  std::mutex mutex; // guards what follows
  std::unique_ptr<wish_file> file;
  bool is_failed = false;
  std::vector<followed> runs;

  /// Without the file there are no wishes, which no run should end of.
  bool works(const protocol::result<void>& done) {
    if (done || is_failed)
      return !is_failed;
    is_failed = true;
    file = nullptr;
    actors::log(actors::log_level::warn, "engine", "wishes-unheard",
                "why=" + done.error().detail);
    return false;
  }

  protocol::result<void> open() {
    if (file)
      return {};
    auto made = wish_file::open(journal, true);
    if (!made)
      return made.error();
    file = std::move(*made);
    return file->clear();
  }

  void add(std::shared_ptr<mission_run::shared_state> run) {
    const std::lock_guard lock{mutex};
    if (is_failed || !works(open()))
      return;
    if (works(file->add_live({run->id, now(), ::getpid()})))
      runs.push_back({std::move(run), {}});
  }

  /// Tells what came of a run that has ended; false: it has not.
  bool settle(const followed& it) {
    if (!it.run->channel->is_finished())
      return false;
    const auto report = it.run->channel->wait({});
    if (!report)
      return false;
    const std::string state{protocol::enum_name(report->state)};
    for (const auto number : it.taken)
      if (!works(file->tell(number, state)))
        return true;
    works(file->drop_live(it.run->id));
    return true;
  }

  void follow(followed& to, const run_wish& wish) {
    const auto taken = file->take(wish.number);
    if (!taken || !*taken)
      return;
    to.taken.push_back(wish.number);
    if (wish.kind == wish_kind::cancel)
      return to.run->cancel(wish.why);
    to.run->pause(wish.why);
    to.run->leave();
  }

  /// True while there are runs to look after.
  bool look() {
    const std::lock_guard lock{mutex};
    if (!file)
      return false;
    std::erase_if(runs, [this](const auto& it) { return file && settle(it); });
    if (runs.empty() || !file)
      return false;
    const auto wishes = file->open_wishes(now());
    if (!wishes)
      return works(wishes.error());
    for (const auto& wish : *wishes)
      for (auto& it : runs)
        if (it.run->id == wish.run)
          follow(it, wish);
    return true;
  }
};

namespace {

/// Looks, and again while there are runs. False: there may be some now; true:
/// it is its own.
using looker_actor = caf::typed_actor<caf::reacts_to<caf::tick_atom, bool>>;

class looker : public looker_actor::base {
public:
  looker(caf::actor_config& cfg, std::shared_ptr<wish_watch::desk> at)
      : looker_actor::base(cfg), at_(std::move(at)) {}

  const char* name() const override { return "wish-looker"; }

  behavior_type make_behavior() override {
    return {[this](caf::tick_atom, bool is_own) {
      if (is_own || !is_looking_)
        look();
    }};
  }

private:
  void look() {
    is_looking_ = at_->look();
    if (is_looking_)
      delayed_send(this, pace, caf::tick_atom_v, true);
  }

  std::shared_ptr<wish_watch::desk> at_;
  bool is_looking_ = false;
};

} // namespace

wish_watch::wish_watch(caf::actor_system& system, std::string journal,
                       clock now)
    : desk_(std::make_shared<desk>()) {
  desk_->journal = std::move(journal);
  desk_->now = std::move(now);
  looker_ = caf::actor_cast<caf::actor>(
      actors::spawn_apart_as<looker>(system, desk_));
}

wish_watch::~wish_watch() {
  close();
}

void wish_watch::add(std::shared_ptr<mission_run::shared_state> run) {
  desk_->add(std::move(run));
  caf::anon_send(looker_, caf::tick_atom_v, false);
}

void wish_watch::close() {
  if (!looker_)
    return;
  caf::anon_send_exit(looker_, caf::exit_reason::user_shutdown);
  looker_ = nullptr;
  (void)desk_->look(); // what has ended since
  const std::lock_guard lock{desk_->mutex};
  desk_->runs.clear();
  desk_->file = nullptr;
}

} // namespace troupe
