#include "client_desk.hpp"

#include "asked_texts.hpp"
#include "client_agents.hpp"
#include "client_queue.hpp"
#include "client_state.hpp"
#include "client_words.hpp"
#include "engine/ask_actor.hpp"
#include "engine/engine.hpp"
#include "engine/runtime_access.hpp"
#include "link_session.hpp"

#include <condition_variable>

namespace troupe::cluster {

using protocol::errc;
using protocol::fail;
using protocol::result;

namespace {

constexpr std::chrono::milliseconds look_pace{50};
constexpr std::chrono::seconds idle_max{60}; ///< Without a run to follow.

void turn_away(connection& it, const std::string& why) {
  std::string last;
  write_frame(last, {frame_kind::bye, 0, 0, text_of(bye{why, false})});
  it.send(std::move(last));
  it.close(why);
}

} // namespace

/// One client: its connection's thread fills the inbox, a thread of its own
/// does what it asks.
class client_desk::guest final
    : public connection_owner,
      public std::enable_shared_from_this<client_desk::guest> {
public:
  guest(client_desk& at, std::shared_ptr<connection> on)
      : at_(at), on_(std::move(on)), session_({}, at.mine_.incarnation) {}

  void welcome(const hello& theirs) {
    auto mine = at_.mine_;
    session_.introduce(mine);
    std::string first;
    write_frame(first, {frame_kind::hello, 0, 0, text_of(mine)});
    first += session_.join(theirs).bytes;
    on_->adopt(shared_from_this(), std::move(first));
  }

  void on_hello(const std::shared_ptr<connection>&, hello,
                std::optional<peer_name>) override {}

  void on_frames(const connection&, inbound_batch what) override {
    const std::lock_guard lock{mutex_};
    for (auto& it : what.frames)
      take(it);
    on_->consumed(what.bytes);
    changed_.notify_all();
  }

  void on_closed(const connection&, const protocol::error&, bool) override {
    end();
  }

  void end() {
    const std::lock_guard lock{mutex_};
    is_over_ = true;
    changed_.notify_all();
  }

  void leave() {
    end();
    on_->close("the node ends");
  }

  [[nodiscard]] bool is_over() {
    const std::lock_guard lock{mutex_};
    return is_over_;
  }

  /// Until the client has gone, or has been silent for too long.
  void work() {
    while (auto next = ask(idle_max))
      answer(*next);
    on_->close("good-bye");
    end();
    has_left_ = true;
  }

  /// Its thread has nothing more to do.
  [[nodiscard]] bool has_left() const { return has_left_; }

private:
  void take(inbound& it) {
    if (it.kind == frame_kind::begin) {
      const auto what = read_opening<begin>(std::get<std::string>(it.body));
      is_over_ = is_over_ || !what || !session_.take_begin(*what);
    } else if (it.kind == frame_kind::ack) {
      session_.take_ack(it.number);
    } else if (it.kind == frame_kind::bye) {
      is_over_ = true;
    } else if (it.kind == frame_kind::control) {
      session_.take_ack(it.acked);
      if (session_.take(it.number) != link_session::arrival::fresh
          || !asked_.add(std::move(std::get<std::string>(it.body))))
        is_over_ = true;
    } else if (it.kind != frame_kind::pong)
      is_over_ = true; // clients ask by control frames alone
    if (is_over_)
      on_->close("a client does not say such things");
  }

  /// What it asks next; nothing: the time is up, or it has gone.
  std::optional<client_asks> ask(std::chrono::milliseconds patience) {
    std::unique_lock lock{mutex_};
    changed_.wait_for(lock, patience,
                      [this] { return is_over_ || !asked_.empty(); });
    if (is_over_ || asked_.empty())
      return {};
    const auto text = asked_.take();
    lock.unlock();
    auto words = read_asks(text);
    if (words)
      return std::move(*words);
    tell(refused{words.error()});
    return {};
  }

  void tell(const client_told& what) {
    const auto text = text_of_told(what);
    const std::lock_guard lock{mutex_};
    std::string bytes;
    if (!session_.send(frame_kind::control, text, false, bytes)) {
      is_over_ = true; // it does not read what it has asked for
      return on_->close("it takes too little of what it is told");
    }
    on_->send(std::move(bytes));
  }

  template <class Answer, class Message>
  result<Answer> ask_node(Message message) {
    auto& system = runtime_access::engine_of(at_.host_).system();
    return ask_for<Answer>(system, at_.node_, "the node is gone",
                           std::move(message));
  }

  template <class Message>
  void have_done(Message message) {
    const auto outcome = ask_node<node_done>(std::move(message));
    tell(outcome ? client_told{all_done{}}
                 : client_told{refused{outcome.error()}});
  }

  void answer(client_asks& what) {
    if (auto* run = std::get_if<ask_run>(&what))
      return follow(*run);
    if (std::holds_alternative<ask_nodes>(what)) {
      auto all = ask_node<nodes_listed>(list_nodes{});
      return tell(all ? client_told{nodes_told{std::move(all->nodes)}}
                      : client_told{refused{all.error()}});
    }
    if (std::holds_alternative<ask_offer>(what)) {
      auto& engine = runtime_access::engine_of(at_.host_);
      offer_told offer{engine.agents(), at_.host_.callable_models()};
      for (auto& card : engine.books().stand_ins->cards())
        offer.agents.push_back(std::move(card));
      return tell(offer);
    }
    if (auto* it = std::get_if<ask_join>(&what))
      return have_done(join_node{it->address});
    if (auto* it = std::get_if<ask_remove>(&what))
      return have_done(remove_node{it->name});
    if (auto* it = std::get_if<ask_drain>(&what))
      return have_done(drain_node{it->name, it->is_on});
    if (auto* it = std::get_if<ask_state>(&what)) {
      auto told = answer_of_state(at_.host_, it->what);
      return tell(told ? client_told{state_told{std::move(*told)}}
                       : client_told{refused{told.error()}});
    }
    if (auto* it = std::get_if<watch_state>(&what))
      return watch(it->what);
    if (auto told = answer_of_agents(*at_.agents_, what))
      return tell(*told);
    if (auto told = answer_of_queue(at_.queue_, what))
      return tell(*told);
    tell(refused{fail(errc::invalid_request, "no run is followed")});
  }

  /// Until the client goes, or says something.
  void watch(const protocol::subscribe_state& what) {
    auto stream = at_.host_.state().follow(what);
    if (!stream)
      return tell(refused{stream.error()});
    while (!ask(std::chrono::milliseconds{0}) && !is_over()) {
      const auto event = stream->next(look_pace);
      if (!event)
        return tell(refused{event.error()});
      if (*event)
        tell(state_seen{std::move(**event)});
    }
  }

  void follow(ask_run& what) {
    if (*at_.is_draining_)
      return tell(refused{
          fail(errc::overloaded, "the node takes no new runs: it is to stop")});
    run_options options;
    options.model = what.model;
    options.seed = what.seed;
    options.reuse = what.reuse;
    auto run = at_.host_.start(std::move(what.mission), options);
    if (!run)
      return tell(refused{run.error()});
    tell(run_begun{run->id()});
    // Whoever has started it and goes away has no use for it any more.
    bool was_stopped = false;
    for (;;) {
      const bool is_finished = run->is_finished();
      if (auto event = run->next_event(look_pace))
        tell(run_told{std::move(*event)});
      else if (is_finished)
        break;
      hear(*run);
      if (is_over() && !std::exchange(was_stopped, true))
        run->cancel("its client has gone");
    }
    tell(run_over{run->wait()});
  }

  /// What is said of the run that is followed.
  void hear(mission_run& run) {
    while (auto next = ask(std::chrono::milliseconds{0})) {
      if (auto* stop = std::get_if<stop_run>(&*next))
        run.cancel(stop->why.empty() ? "cancelled by its client" : stop->why);
      else if (auto* it = std::get_if<decide_here>(&*next))
        (void)run.decide(it->task, it->is_yes, it->by, it->note);
    }
  }

  client_desk& at_;
  std::shared_ptr<connection> on_;
  std::mutex mutex_; ///< Guards what follows.
  std::condition_variable changed_;
  link_session session_;
  asked_texts asked_;
  bool is_over_ = false;
  std::atomic<bool> has_left_{false};
};

client_desk::client_desk(runtime& host, node_actor node,
                         std::shared_ptr<const std::atomic<bool>> is_draining,
                         hello mine, std::shared_ptr<agent_desk> agents,
                         queue_worker* queue)
    : host_(host), node_(std::move(node)), is_draining_(std::move(is_draining)),
      mine_(std::move(mine)), agents_(std::move(agents)), queue_(queue) {}

void client_desk::serve(std::shared_ptr<connection> it, const hello& theirs) {
  const std::lock_guard lock{mutex_};
  for (auto each = seats_.begin(); each != seats_.end();) {
    if (!each->second.who->has_left()) {
      ++each;
      continue;
    }
    each->second.thread.join();
    each = seats_.erase(each);
  }
  if (is_closed_)
    return turn_away(*it, "the node ends");
  if (seats_.size() >= clients_max)
    return turn_away(*it, "the node has as many clients as it serves");
  auto who = std::make_shared<guest>(*this, std::move(it));
  who->welcome(theirs);
  auto& chair_of = seats_[++last_];
  chair_of.who = who;
  chair_of.thread = std::thread{[who] {
    who->work();
  }};
}

void client_desk::close() {
  std::map<std::uint64_t, chair> seats;
  {
    const std::lock_guard lock{mutex_};
    is_closed_ = true;
    seats.swap(seats_);
  }
  for (auto& [id, it] : seats)
    it.who->leave();
  for (auto& [id, it] : seats)
    it.thread.join();
  node_ = nullptr;
}

} // namespace troupe::cluster
