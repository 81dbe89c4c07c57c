/**
 * The cases, in groups. Imports scene, driver, server and wire, and positions and
 * messages of the core.
 */
@NullMarked
package dev.realtime.conformance.cases;

import org.jspecify.annotations.NullMarked;
