/** What Springwolf's STOMP plugin finds, too, and what nobody can describe. */
@NullMarked
package dev.realtime.spring.asyncapi.springwolf.app;

import org.jspecify.annotations.NullMarked;
