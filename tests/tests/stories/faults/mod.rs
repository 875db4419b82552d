//! What the service rests on goes away and comes back, and the process itself is ended.

mod instances;
mod kill;
mod postgres;
mod redis;
mod stop;
mod tokens;
mod wechat;
