/**
 * The servers under test: ours on each transport, Spring's simple broker, and the two
 * floors, bare Netty and a bare protocol upgrade of Tomcat.
 */
@NullMarked
package dev.realtime.bench.server;

import org.jspecify.annotations.NullMarked;
