/**
 * Auto-configuration of a realtime node and its properties. Imports the core and the
 * packages below it.
 * <p>
 * API: {@link dev.realtime.spring.NodeId}, {@link dev.realtime.spring.Destinations} and
 * {@link dev.realtime.spring.RefusedException}.
 */
@NullMarked
package dev.realtime.spring;

import org.jspecify.annotations.NullMarked;
