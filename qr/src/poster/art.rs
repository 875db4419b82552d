//! What of SVG a template may use: filled and stroked paths in plain colours, in groups. That is what every printer
//! prints alike; the rest is refused when the template is read, not when a poster is missing something.

use usvg::{Group, Node, Paint};

use crate::poster::error::PosterError;
use crate::poster::template::bad;

/// # Errors
/// [`PosterError::BadTemplate`] names what is not drawn.
pub(crate) fn check(group: &Group) -> Result<(), PosterError> {
    let whole = group.opacity().get() >= 1.0 && group.blend_mode() == usvg::BlendMode::Normal;
    if !whole || group.mask().is_some() || group.clip_path().is_some() || !group.filters().is_empty() {
        return Err(bad("opacity of groups, masks, clip paths and filters are not drawn; flatten them"));
    }
    for node in group.children() {
        match node {
            Node::Group(inner) => check(inner)?,
            Node::Path(path) => {
                let paints = [path.fill().map(usvg::Fill::paint), path.stroke().map(usvg::Stroke::paint)];
                let opacities =
                    [path.fill().map(usvg::Fill::opacity), path.stroke().map(usvg::Stroke::opacity)];
                if paints.into_iter().flatten().any(|paint| !matches!(paint, Paint::Color(_))) {
                    return Err(bad("gradients and patterns are not drawn; use plain colours"));
                }
                if opacities.into_iter().flatten().any(|opacity| opacity.get() < 1.0) {
                    return Err(bad("transparency is not drawn; mix the colour yourself"));
                }
            }
            Node::Image(_) | Node::Text(_) => return Err(bad("only paths are drawn")),
        }
    }
    Ok(())
}
