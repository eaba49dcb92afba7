#include "providers/http_provider.hpp"

#include <caf/all.hpp>

#include <iostream>
#include <string>

/// Asks a running aimock in all formats, whole and streamed, for text and for
/// a tool call, and compares the answers with its fixtures.
namespace {

using namespace troupe;
using providers::wire_format;
using call_request = protocol::request<protocol::model_call>;
using call_response = protocol::response<protocol::model_reply>;

struct expected {
  std::string prompt;
  std::string text;
  std::string tool;
  std::uint64_t input;
  std::uint64_t output;
};

const expected cases[] = {{"say hello",
                           "Hello from the other side, in more than one piece.",
                           {},
                           10,
                           5},
                          {"look it up", {}, R"(look {"city":"Bonn"})", 20, 7}};

call_request make_call(const expected& wanted, bool stream) {
  call_request message;
  message.body.model = "gpt-4o";
  message.body.stream = stream;
  message.body.messages = {
      {protocol::chat_role::user, {protocol::text_part{wanted.prompt}}}};
  message.body.tools = {
      {"look", "looks something up",
       R"({"type":"object","properties":{"city":{"type":"string"}}})"}};
  return message;
}

std::string tool_of(const protocol::model_reply& reply) {
  for (const auto& part : reply.content)
    if (const auto* call = std::get_if<protocol::tool_call>(&part))
      return call->name + " " + call->arguments;
  return {};
}

/// What is wrong with a reply; empty when nothing is.
std::string problem_of(const protocol::model_reply& reply,
                       const expected& wanted) {
  if (protocol::text_of(reply.content) != wanted.text)
    return "text: " + protocol::text_of(reply.content);
  if (tool_of(reply) != wanted.tool)
    return "tool call: " + tool_of(reply);
  if (reply.used.input != wanted.input || reply.used.output != wanted.output)
    return "usage: " + std::to_string(reply.used.input) + " and "
           + std::to_string(reply.used.output);
  if ((reply.stop == protocol::stop_reason::tool_use) == wanted.tool.empty())
    return "stop reason";
  return {};
}

int check(caf::scoped_actor& self, const actors::provider_actor& provider,
          const std::string& format, const expected& wanted, bool stream) {
  std::string problem;
  self->request(provider, std::chrono::seconds{10}, make_call(wanted, stream))
      .receive(
          [&](const call_response& reply) {
            problem = problem_of(reply.body, wanted);
          },
          [&](caf::error& why) { problem = actors::from_caf(why).detail; });
  std::cout << (problem.empty() ? "ok   " : "FAIL ") << format << ", "
            << (stream ? "stream" : "whole") << ", '" << wanted.prompt << "' "
            << problem << '\n';
  return problem.empty() ? 0 : 1;
}

} // namespace

int main(int argc, char** argv) {
  if (argc != 2)
    return 2;
  http::io_thread io;
  caf::actor_system_config config;
  caf::actor_system system{config};
  caf::scoped_actor self{system};
  int failures = 0;
  for (const auto& [name, format, path] :
       {std::tuple{"openai_chat", wire_format::openai_chat, "/v1"},
        std::tuple{"openai_responses", wire_format::openai_responses, "/v1"},
        std::tuple{"openrouter", wire_format::openai_chat, "/api/v1"},
        std::tuple{"anthropic_messages", wire_format::anthropic_messages,
                   "/v1"}}) {
    providers::http_provider_config wish;
    wish.name = name;
    wish.wire.format = format;
    wish.base_url = std::string{"http://127.0.0.1:"} + argv[1] + path;
    wish.api_key = providers::secret{"mock"};
    wish.headers = providers::openrouter_headers({}, "troupe");
    wish.io = &io;
    const auto provider = providers::spawn_http_provider(system, wish);
    for (const auto& wanted : cases)
      for (const bool stream : {false, true})
        failures += check(self, provider, name, wanted, stream);
    self->send_exit(provider, caf::exit_reason::user_shutdown);
  }
  return failures == 0 ? 0 : 1;
}
