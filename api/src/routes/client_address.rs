//! The address of whoever asks, as far as it can be believed.

use std::future::{Ready, ready};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use actix_web::{FromRequest, HttpRequest, dev, web};
use ipnet::IpNet;

use crate::error::ApiError;
use crate::limits::LimitKey;
use crate::state::AppState;

const FORWARDED_FOR: &str = "x-forwarded-for";

/// The client's address: the peer's, or what trusted proxies (`server.trusted_proxies`) say.
///
/// Limits count it by [`LimitKey`], which takes the /64 network of an IPv6 address. It is never
/// logged or stored.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct ClientAddress(pub IpAddr);

impl std::fmt::Debug for ClientAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ClientAddress(..)")
    }
}

impl From<ClientAddress> for LimitKey<'_> {
    fn from(address: ClientAddress) -> Self {
        address.0.into()
    }
}

impl FromRequest for ClientAddress {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut dev::Payload) -> Self::Future {
        // All who come without an address (there is none on a Unix socket) count as one.
        let peer = request.peer_addr().map_or(Ipv4Addr::UNSPECIFIED.into(), |peer| peer.ip());
        let state: Option<&web::Data<AppState>> = request.app_data();
        let trusted = state.map_or(&[][..], |state| &state.config.server.trusted_proxies);
        let lines = request.headers().get_all(FORWARDED_FOR).map(|line| line.to_str().unwrap_or(""));
        ready(Ok(Self(resolve(peer, lines, trusted))))
    }
}

/// Walks the chain of proxies from our side: everybody whom a trusted one names is believed to be
/// there, the first who is not trusted is the client, and what he himself says counts for nothing.
fn resolve<'h>(peer: IpAddr, lines: impl DoubleEndedIterator<Item = &'h str>, trusted: &[IpNet]) -> IpAddr {
    let peer = peer.to_canonical();
    let is_trusted = |address: IpAddr| trusted.iter().any(|network| network.contains(&address));
    if !is_trusted(peer) {
        return peer;
    }
    let mut client = peer;
    for hop in lines.rev().flat_map(|line| line.rsplit(',')) {
        let Some(address) = parse(hop.trim()) else { return peer };
        client = address;
        if !is_trusted(address) {
            break;
        }
    }
    client
}

/// An address, with or without a port.
fn parse(hop: &str) -> Option<IpAddr> {
    let bare = hop.strip_prefix('[').and_then(|hop| hop.strip_suffix(']')).unwrap_or(hop);
    let address = bare.parse().or_else(|_| hop.parse::<SocketAddr>().map(|socket| socket.ip()));
    address.ok().map(|address: IpAddr| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_client_is_the_first_who_is_not_trusted_seen_from_our_side() {
        let trusted: Vec<IpNet> = ["10.0.0.0/8", "fd00::/8"].iter().map(|net| net.parse().unwrap()).collect();
        let table: &[(&str, &str, &[&str], &str)] = &[
            ("no header", "10.0.0.1", &[], "10.0.0.1"),
            ("a stranger's header counts for nothing", "198.51.100.7", &["203.0.113.9"], "198.51.100.7"),
            ("one proxy", "10.0.0.1", &["203.0.113.9"], "203.0.113.9"),
            ("two proxies", "10.0.0.1", &["203.0.113.9, 10.0.0.2"], "203.0.113.9"),
            ("two lines are one chain", "10.0.0.1", &["203.0.113.9", "10.0.0.2"], "203.0.113.9"),
            ("the client's own claim is skipped", "10.0.0.1", &["192.0.2.1, 203.0.113.9"], "203.0.113.9"),
            ("also when it is rubbish", "10.0.0.1", &["<script>, 203.0.113.9"], "203.0.113.9"),
            ("only proxies: the furthest", "10.0.0.1", &["10.0.0.3,10.0.0.2"], "10.0.0.3"),
            ("rubbish from a proxy", "10.0.0.1", &["unknown"], "10.0.0.1"),
            ("an empty header", "10.0.0.1", &[""], "10.0.0.1"),
            ("a hole in the chain", "10.0.0.1", &["203.0.113.9,, 10.0.0.2"], "10.0.0.1"),
            ("with a port", "10.0.0.1", &["203.0.113.9:4711"], "203.0.113.9"),
            ("IPv6", "fd00::1", &["2001:db8::7"], "2001:db8::7"),
            ("IPv6 in brackets", "fd00::1", &["[2001:db8::7]"], "2001:db8::7"),
            ("IPv6 with a port", "fd00::1", &["[2001:db8::7]:4711"], "2001:db8::7"),
            ("IPv4 in IPv6", "::ffff:10.0.0.1", &["::ffff:203.0.113.9"], "203.0.113.9"),
        ];
        for (what, peer, lines, client) in table {
            let resolved = resolve(peer.parse().unwrap(), lines.iter().copied(), &trusted);
            assert_eq!(resolved, client.parse::<IpAddr>().unwrap(), "{what}");
        }
    }

    #[test]
    fn a_home_with_a_whole_network_counts_as_one() {
        let key = |text: &str| LimitKey::from(ClientAddress(text.parse().unwrap()));
        assert_eq!(key("2001:db8:1:2::7"), key("2001:db8:1:2:ffff::9"));
        assert_ne!(key("2001:db8:1:2::7"), key("2001:db8:1:3::7"));
        assert_eq!(key("::ffff:203.0.113.9"), key("203.0.113.9"));
        assert_ne!(key("203.0.113.8"), key("203.0.113.9"));
    }
}
