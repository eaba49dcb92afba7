#include "journal_front.hpp"

#include "deadline_table.hpp"
#include "journal_words.hpp"
#include "requests.hpp"

#include <troupe/actors/actor_base.hpp>

namespace troupe::cluster {

using protocol::errc;
using protocol::fail;
using protocol::result;

namespace {

/// As long as an agent waits for its own journal.
constexpr std::chrono::minutes patience{1};

using front_base =
    actors::journal_actor::extend<caf::reacts_to<actors::deadline_tick>>;

/// What a journal answers to each of them.
template <class Message>
struct answer_to;
#define TROUPE_ANSWER(Message, Answer)                                         \
  template <>                                                                  \
  struct answer_to<actors::Message> {                                          \
    using type = actors::Answer;                                               \
  };
TROUPE_ANSWER(keep_entries, entries_kept)
TROUPE_ANSWER(read_run, run_read)
TROUPE_ANSWER(list_runs, runs_listed)
TROUPE_ANSWER(keep_call, call_kept)
TROUPE_ANSWER(read_calls, calls_read)
TROUPE_ANSWER(begin_effect, effect_begun)
TROUPE_ANSWER(end_effect, effect_ended)
TROUPE_ANSWER(read_times, times_read)
TROUPE_ANSWER(get_status, status_told)
#undef TROUPE_ANSWER

class journal_front final : public actors::actor_base<front_base> {
public:
  journal_front(caf::actor_config& cfg, const actors::wall_clock& clock,
                actors::journal_actor own,
                std::shared_ptr<const home_book> homes)
      : actor_base(cfg, clock), own_(std::move(own)), homes_(std::move(homes)) {
  }

  const char* name() const override { return "journal-front"; }

  behavior_type make_behavior() override {
    return {
        [this](const actors::keep_entries& it) { return pass(it); },
        [this](const actors::read_run& it) { return pass(it); },
        [this](const actors::list_runs& it) { return pass(it); },
        [this](const actors::keep_call& it) { return keep(it); },
        [this](const actors::read_calls& it) { return keep(it); },
        [this](const actors::begin_effect& it) { return keep(it); },
        [this](const actors::end_effect& it) { return keep(it); },
        [this](const actors::read_times& it) { return pass(it); },
        [this](const actors::keep_times& it) { tell(it); },
        [this](const actors::keep_health& it) { tell(it); },
        [this](actors::get_status it) { return pass(it); },
        [](actors::write_waiting) {},
        [this](actors::end_of_journal) { quit(); },
        [this](const actors::deadline_tick& it) { table_.on_tick(this, it); },
    };
  }

  void on_exit() override {
    table_.close();
    own_ = nullptr;
  }

private:
  template <class Message>
  void tell(const Message& it) {
    if (own_)
      send(own_, it);
  }

  template <class Message, class Answer = typename answer_to<Message>::type>
  caf::result<Answer> pass(const Message& it) {
    if (!own_)
      return actors::to_caf(
          fail(errc::invalid_request, "this node keeps no journal"));
    return delegate(own_, it);
  }

  template <class Message, class Answer = typename answer_to<Message>::type>
  caf::result<Answer> keep(const Message& it) {
    const auto home = homes_->find(it.run);
    if (!home && !own_)
      return std::get<Answer>(unkept(it));
    if (!home)
      return delegate(own_, it);
    auto promise = make_response_promise<Answer>();
    actors::request_until<kept_there>(
        this, table_, clock().now() + patience, home,
        [promise](result<kept_there> told) mutable {
          auto* yes = told ? std::get_if<Answer>(told->what.get()) : nullptr;
          if (yes != nullptr)
            promise.deliver(*yes);
          else
            promise.deliver(actors::to_caf(
                told ? fail(errc::malformed_message, "not what was asked")
                     : told.error()));
        },
        keep_there{std::make_shared<const journal_asks>(it)});
    return promise;
  }

  actors::journal_actor own_;
  std::shared_ptr<const home_book> homes_;
  actors::deadline_table table_;
};

} // namespace

actors::journal_actor
spawn_journal_front(caf::actor_system& system, const actors::wall_clock& clock,
                    const actors::journal_actor& own,
                    std::shared_ptr<const home_book> homes) {
  const auto made = system.spawn<journal_front>(clock, own, std::move(homes));
  return caf::actor_cast<actors::journal_actor>(
      caf::actor_cast<caf::strong_actor_ptr>(made));
}

} // namespace troupe::cluster
