/** What one case has at hand, and how cases are run. Imports driver, server and wire. */
@NullMarked
package dev.realtime.conformance.scene;

import org.jspecify.annotations.NullMarked;
