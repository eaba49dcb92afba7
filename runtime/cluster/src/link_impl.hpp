#pragma once

#include "deadline_table.hpp"
#include "link_actor.hpp"
#include "link_open.hpp"
#include "requests.hpp"

#include <troupe/actors/actor_base.hpp>

#include <optional>
#include <unordered_map>
#include <variant>

/// The inside of a link. Private to its sources.
namespace troupe::cluster {

/// What the behaviour of a link adds to its interface.
using link_base = link_actor::extend<caf::reacts_to<actors::deadline_tick>>;

class link final : public actors::actor_base<link_base> {
public:
  link(caf::actor_config& cfg, link_config config);

  const char* name() const override { return "link"; }
  behavior_type make_behavior() override;
  void on_exit() override;

private:
  template <class Body>
  using coordination = protocol::coordination<Body>;
  using time_point = std::chrono::steady_clock::time_point;

  // link_actor.cpp: the connection
  void start();
  void say(const std::shared_ptr<const std::string>& text);
  void end(const end_link& it);
  void move_to(const std::string& address);
  void dial();
  void dial_later();
  void take_hello(const hello_arrived& it);
  [[nodiscard]] bool is_unwanted(const hello_arrived& it) const;
  void joined(const hello& theirs);
  void lost(const connection_ended& it);
  void take_frames(const frames_arrived& it);
  void take_frame(inbound& it);
  void take_numbered(inbound& it);
  void drop_connection(const std::string& why);
  void cut(const std::string& why);
  void look_for_another(bool is_refused);
  void write_number_frame(frame_kind kind, std::uint64_t number);
  void write_ack(bool is_beat);
  void end_all(const std::string& why);
  void beat();
  void look();
  void give_up(const std::string& why);
  void say_load();
  void ping();
  [[nodiscard]] protocol::result<void>
  send_frame(frame_kind kind, std::string_view body, bool is_urgent);
  void flush();

  // link_outward.cpp: what is asked of the peer
  caf::result<protocol::response<protocol::task_result>>
  ask_task(const perform_there& it);
  caf::result<told_there> ask_role(const ask_there& it);
  [[nodiscard]] protocol::result<void>
  send_request(const protocol::any_message& what, asked how);
  [[nodiscard]] protocol::error out_of_reach() const;
  [[nodiscard]] std::optional<asked> take_asked(const protocol::id& request);
  static void refuse(asked& it, const protocol::error& why);
  void take_response(protocol::any_message what);
  void take_failure(const std::string& text);

  // link_journal.cpp: what homes of runs keep
  caf::result<kept_there> ask_journal(const keep_there& it);
  void take_answer(const std::string& text);
  void take_question(const std::string& text);
  template <class Answer, class Message>
  void keep_here(const protocol::id& request, const Message& what);
  void answer_kept(const protocol::id& request,
                   const protocol::result<journal_told>& what);

  // link_feed.cpp: shared state, in either direction
  void follow_peer(const feed_wish& it);
  void take_fed(protocol::any_message& it);
  void end_followed(const protocol::error& why);
  void feed_peer(protocol::request<protocol::subscribe_state> what);
  void feed_piece(const fed& it);
  void feed_more(const protocol::coordination<protocol::grant_credit>& it);
  void end_feeding();

  void end_asked(const protocol::error& why);
  void end_overdue();
  [[nodiscard]] std::uint64_t left_us(protocol::instant deadline) const;

  // link_inward.cpp: what the peer asks
  void take_message(protocol::any_message what, std::uint64_t left_us);
  void perform(protocol::request<protocol::perform_task> what);
  void perform_by(const protocol::id& task,
                  protocol::request<protocol::perform_task> what);
  void
  end_task(const protocol::id& task,
           const protocol::result<protocol::response<protocol::task_result>>&
               outcome);
  void take_cancel(const protocol::coordination<protocol::cancel>& what);
  template <class Message>
  void serve_as_leader(Message& it);
  template <class Answer, class Handle, class Request>
  void ask_here(const Handle& role, Request what);
  template <class Body>
  void reply(const protocol::id& asked,
             const protocol::result<protocol::response<Body>>& what);
  void fail_request(const protocol::id& asked, const protocol::error& why);
  void end_performing(const std::string& why);
  template <class Message>
  void follow(const Message& what);
  void tell_peer(const protocol::any_message& what);
  void note_done(const protocol::id& task);

  [[nodiscard]] protocol::instant now() {
    return config_.parts->clock.at(clock().now());
  }
  [[nodiscard]] const link_parts& parts() const { return *config_.parts; }

  link_config config_;
  protocol::id_source ids_;
  link_session session_;
  peer_watch watch_;
  actors::deadline_table table_;
  std::shared_ptr<connection> connection_; ///< Null: there is none.
  std::uint64_t serial_ = 0;               ///< Of the connection.
  std::uint64_t dialling_ = 0;             ///< Serial of a dial; 0: none.
  std::uint64_t serials_ = 0;
  bool is_mine_ = false; ///< The connection was dialled here.
  time_point connected_at_{};
  bool is_waiting_to_dial_ = false;
  std::string unsent_; ///< Of this turn.
  std::string said_load_;
  std::shared_ptr<const std::string> facts_;
  link_feeds feeds_;
  std::unordered_map<protocol::id, asked> asked_;     // bounded by asked_max
  std::unordered_map<protocol::id, performing> here_; // bounded by tasks_max
};

} // namespace troupe::cluster
