//! The rules as tables: which words have a home, and what no text of the repository may hold.

/// Where a word counts.
#[derive(Clone, Copy)]
pub enum Reach {
    /// In all code.
    Everywhere,
    /// Outside of tests.
    Product,
    /// In tests only.
    Tests,
}

/// Words that may stand in their homes only.
pub struct Words {
    /// Each is found whole, or as the beginning of a longer one where it ends in `*`.
    pub words: &'static [&'static str],
    /// The part of the tree that the rule is about.
    pub within: &'static str,
    /// Where the words are at home, with the reason.
    pub homes: &'static [(&'static str, &'static str)],
    pub reach: Reach,
    pub because: &'static str,
}

pub const WORDS: &[Words] = &[
    Words {
        words: &["actix_web"],
        within: "api/src/",
        homes: &[
            ("api/src/routes/", "HTTP is their job"),
            ("api/src/auth/", "extractors turn a request into a caller"),
            ("api/src/startup.rs", "starts the server"),
            ("api/src/metering.rs", "serves the metrics on a port of their own"),
            ("api/src/error.rs", "the one shape in which a failure leaves the service"),
        ],
        reach: Reach::Product,
        because: "HTTP ends at the routes",
    },
    Words {
        words: &["sea_orm"],
        within: "domain/",
        homes: &[
            ("domain/src/ids.rs", "the feature `orm`: ids are columns"),
            ("domain/src/vocabulary.rs", "the feature `orm`: words are columns"),
        ],
        reach: Reach::Everywhere,
        because: "the domain knows no storage",
    },
    Words {
        words: &["sea_orm", "entity"],
        within: "api/src/routes/",
        homes: &[],
        reach: Reach::Product,
        because: "routes call services, and know no tables",
    },
    Words {
        words: &["Entity::find*"],
        within: "api/src/",
        homes: &[("api/src/store/", "queries live here, scoped by who may see")],
        reach: Reach::Product,
        because: "a query belongs into the store",
    },
    Words {
        words: &["domain", "entity", "qr", "api"],
        within: "migration/",
        homes: &[],
        reach: Reach::Everywhere,
        because: "an old migration must not change its meaning when a model does",
    },
    Words {
        words: &["domain", "entity", "migration", "api"],
        within: "qr/",
        homes: &[],
        reach: Reach::Everywhere,
        because: "pictures know nobody",
    },
    Words {
        words: &["Utc::now", "Local::now", "SystemTime::now"],
        within: "",
        homes: &[
            ("api/src/clock.rs", "the clock's home"),
            ("tests/wechat-sim/src/clock.rs", "the simulator's clock"),
        ],
        reach: Reach::Everywhere,
        because: "time is an argument: take a clock",
    },
    Words {
        words: &["Uuid::new_v4", "Uuid::now_v7", "rand::rng", "rand::random"],
        within: "",
        homes: &[
            ("api/src/ids.rs", "ids and secrets are made here"),
            ("tests/wechat-sim/src/main.rs", "a restart must not give out the codes of the run before"),
        ],
        reach: Reach::Everywhere,
        because: "ids and draws are arguments: take `Ids`",
    },
    Words {
        words: &["env::var", "env::var_os", "env::vars"],
        within: "",
        homes: &[("tests/src/backend.rs", "the harness finds the servers of `./test`")],
        reach: Reach::Everywhere,
        because: "settings come from `config`",
    },
    Words {
        words: &["Client::new", "Client::builder", "ClientBuilder"],
        within: "",
        homes: &[
            ("api/src/wechat/", "the one client, with its time-outs"),
            ("tests/src/http.rs", "the caller of a story"),
            ("tests/wechat-sim/tests/", "the caller of the simulator"),
            ("tests/wechat-sim/src/push/", "WeChat calls the service: pushes, and pictures that it fetches"),
        ],
        reach: Reach::Everywhere,
        because: "HTTP clients are made in one place, with time-outs",
    },
    Words {
        words: &["sleep"],
        within: "",
        homes: &[],
        reach: Reach::Tests,
        because: "a test moves the clock or drains the queue",
    },
    Words {
        words: &["dbg!", "todo!", "unimplemented!", "#[ignore*"],
        within: "",
        homes: &[],
        reach: Reach::Everywhere,
        because: "it is done, or it is not there",
    },
];

/// Crates, and the crates of ours that each may know.
pub const INWARDS: &[(&str, &[&str])] = &[
    ("domain", &["domain"]),
    ("qr", &["qr"]),
    ("migration", &["migration"]),
    ("entity", &["entity", "domain"]),
    ("api", &["api", "domain", "entity", "migration", "qr"]),
    ("tests/wechat-sim", &["wechat-sim"]),
    // It cuts the words of the cases that it makes as the domain does.
    ("tests/bench", &["bench", "api", "domain", "wechat-sim"]),
];

/// Words in parts, so that this table does not find itself.
type Parts = &'static [&'static str];

/// What no text may hold, comments and documents included.
pub const RAW: &[(&[Parts], &str)] = &[
    (&[&["TO", "DO"], &["FIX", "ME"], &["XX", "X:"]], "it is done, or it is an issue"),
    (&[&["/wor", "k/"], &["/roo", "t/"]], "a path of one machine"),
    (
        &[
            &["index.crates", ".io"],
            &["static.crates", ".io"],
            &["registry.npm", "js"],
            &["registry.npm", "mirror"],
            &["py", "pi.org"],
            &["files.python", "hosted"],
            &["deb.deb", "ian.org"],
        ],
        "the host of a package registry: the machine's own settings say where it is",
    ),
];
