/** Tests of what is noted of a message's journey. */
@org.jspecify.annotations.NullMarked
package dev.realtime.journey;
