// What comes on a connection between nodes -> frames, whole and bounded: the
// same in whatever pieces it comes, or refused.
#include "client_words.hpp"
#include "fuzz_target.hpp"
#include "hello.hpp"
#include "inbound.hpp"
#include "journal_words.hpp"
#include "link_session.hpp"
#include "node_words.hpp"

using namespace troupe;
using namespace troupe::cluster;
using troupe::fuzz::expect;

namespace {

constexpr inbound_limits limits{1U << 20U, 10'000};

void read_opening_of(std::string bytes) {
  const auto first = take_opening(bytes);
  if (!first || !*first)
    return;
  hello mine;
  mine.cluster = "fuzz";
  mine.name = "self";
  if (check_hello(mine, **first, nullptr)) {
    expect((*first)->name != "self" || (*first)->is_client,
           "nobody else has this node's name");
    link_session session{{100, 1U << 16U, 4}, 7};
    (void)session.join(**first);
  }
  const auto again = read_opening<hello>(text_of(**first));
  expect(again && *again == **first, "what is read can be written");
}

void read_text(const inbound& it) {
  const auto& text = std::get<std::string>(it.body);
  if (it.kind == frame_kind::begin)
    (void)read_opening<begin>(text);
  if (it.kind == frame_kind::bye)
    (void)read_opening<bye>(text);
  if (it.kind == frame_kind::ask)
    (void)read_question(text);
  if (it.kind == frame_kind::answer)
    (void)read_answer(text);
  if (it.kind != frame_kind::control)
    return;
  if (const auto words = read_words(text))
    expect(read_words(words_of(*words)).has_value(),
           "what a node says can be said again");
  (void)read_asks(text);
  (void)read_told(text);
}

/// How many frames; nothing: refused.
std::optional<std::size_t> count_frames(std::string_view bytes) {
  const auto batch = read_inbound(bytes, limits);
  if (!batch)
    return {};
  for (const auto& it : batch->frames) {
    expect(is_numbered(it.kind) || it.acked == 0, "only numbered ones ack");
    if (it.kind != frame_kind::message)
      read_text(it);
  }
  return batch->frames.size();
}

/// The same, as it comes in two pieces.
std::optional<std::size_t> count_in_two(std::string_view bytes,
                                        std::size_t cut) {
  std::string kept{bytes.substr(0, cut)};
  std::string_view left{kept};
  const auto first = read_inbound(left, limits);
  if (!first)
    return {};
  kept = std::string{left} + std::string{bytes.substr(cut)};
  left = kept;
  const auto second = read_inbound(left, limits);
  if (!second)
    return {};
  return first->frames.size() + second->frames.size();
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes{reinterpret_cast<const char*>(data), size};
  read_opening_of(std::string{bytes});
  const auto whole = count_frames(bytes);
  if (size > 0)
    expect(count_in_two(bytes, data[0] % size) == whole,
           "pieces do not matter");
  return 0;
}
