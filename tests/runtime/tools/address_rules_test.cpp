#include "support/catch.hpp"
#include "tools/address_rules.hpp"

#include <boost/asio/ip/address.hpp>

#include <string>

using namespace troupe;
using tools::address_kind;

namespace {

address_kind kind(const std::string& text) {
  const auto address = boost::asio::ip::make_address(text);
  if (address.is_v4())
    return tools::kind_of(address.to_v4().to_bytes());
  return tools::kind_of(address.to_v6().to_bytes());
}

struct row {
  std::string address;
  address_kind kind;
};

using enum address_kind;

const row table[] = {
    {"93.184.216.34", internet},
    {"8.8.8.8", internet},
    {"100.63.255.255", internet},
    {"100.128.0.0", internet},
    {"172.15.255.255", internet},
    {"172.32.0.0", internet},
    {"192.167.255.255", internet},
    {"223.255.255.255", internet},
    {"127.0.0.1", loopback},
    {"127.255.255.254", loopback},
    {"10.0.0.0", own},
    {"10.255.255.255", own},
    {"172.16.0.1", own},
    {"172.31.255.255", own},
    {"192.168.0.1", own},
    {"100.64.0.0", own},
    {"100.127.255.255", own},
    {"169.254.0.1", link_local},
    {"169.254.169.254", metadata},
    {"100.100.100.200", metadata},
    {"192.0.0.192", metadata},
    {"0.0.0.0", other},
    {"0.1.2.3", other},
    {"192.0.0.8", other},
    {"192.0.2.1", other},
    {"192.88.99.1", other},
    {"198.18.0.1", other},
    {"198.19.255.255", other},
    {"198.51.100.1", other},
    {"203.0.113.1", other},
    {"224.0.0.1", other},
    {"239.255.255.255", other},
    {"240.0.0.1", other},
    {"255.255.255.255", other},
    {"2606:2800:220:1::1", internet},
    {"2a00:1450:4001::1", internet},
    {"::1", loopback},
    {"::", other},
    {"::7f00:1", other},
    {"fe80::1", link_local},
    {"febf::1", link_local},
    {"fc00::1", own},
    {"fd12:3456::1", own},
    {"fd00:ec2::254", metadata},
    {"ff02::1", other},
    {"fec0::1", other},
    {"2001:db8::1", other},
    {"2001:2::1", other},
    {"2001:10::1", other},
    {"100::1", other},
    {"4000::1", other},
    {"3fff::1", other},
    {"::ffff:127.0.0.1", loopback},
    {"::ffff:10.0.0.1", own},
    {"::ffff:169.254.169.254", metadata},
    {"::ffff:8.8.8.8", internet},
    {"::ffff:0:7f00:1", other},
    {"64:ff9b::10.0.0.1", own},
    {"64:ff9b::8.8.8.8", internet},
    {"64:ff9b:1::1", other},
    {"2002:7f00:1::1", loopback},
    {"2002:c0a8:1::1", own},
    {"2002:808:808::1", internet},
    {"2001:0:808:808::f5ff:fffe", own},
    {"2001:0:808:808::80ff:fffe", loopback},
};

} // namespace

TEST_CASE("G6: the kind of an address is known, whatever form it has",
          "[address_rules]") {
  for (const auto& it : table) {
    INFO(it.address);
    CHECK(kind(it.address) == it.kind);
  }
  CHECK(tools::kind_of({}) == other);
}

TEST_CASE("G6: only the own network can be allowed", "[address_rules]") {
  for (const auto it : {internet, loopback, own, link_local, metadata, other}) {
    CHECK(tools::may_call(it, false) == (it == internet));
    CHECK(tools::may_call(it, true)
          == (it == internet || it == loopback || it == own));
    CHECK_FALSE(tools::name_of(it).empty());
  }
}

TEST_CASE("G6: names that lead inside are refused by themselves",
          "[address_rules]") {
  for (const std::string name :
       {"localhost", "LOCALHOST", "localhost.", "a.localhost", "metadata",
        "metadata.google.internal", "Metadata.Google.Internal.",
        "metadata.goog", "instance-data", "instance-data.ec2.internal",
        "printer.local", "router.lan", "nas.home.arpa", "kubernetes.default",
        "db.prod.svc", "", "."}) {
    INFO(name);
    CHECK(tools::is_inside_name(name));
  }
  for (const std::string name : {"example.com", "localhost.example.com",
                                 "internal.example", "local", "notlocalhost"}) {
    INFO(name);
    CHECK_FALSE(tools::is_inside_name(name));
  }
}
