package dev.realtime.spring.publisher;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Publishes on a topic.
 * <p>
 * <b>On a method of an interface</b> in a package of the application: the starter makes a
 * bean of the interface, and a call publishes its payload argument. A method returns
 * {@code void} or {@link dev.realtime.PublishReceipt} (both wait until the message is
 * stored, and throw {@link dev.realtime.PublishException} when it could not be), or
 * {@code CompletionStage<PublishReceipt>} (which does not wait). A function in Kotlin may
 * suspend, with the module {@code realtime-kotlin}. The payload is the one argument that
 * is not just a variable, or the one marked with Spring's {@code @Payload}. On the
 * interface itself the annotation gives the defaults of its methods.
 * <p>
 * <b>On a method of a bean</b>: the returned value is published after the method
 * returned; null publishes nothing, an {@code Optional} or {@code CompletionStage} is
 * unwrapped. Without a transaction the caller waits until the message is stored and gets
 * the failure. In a transaction the value is converted at once, so that what is wrong
 * with it rolls back. If the durable log keeps the topic the message is then a part of
 * the transaction. Otherwise it is published after commit, and a failure is only logged,
 * since the transaction cannot be undone. As with every proxy, a call within the same
 * bean publishes nothing.
 *
 * <pre class="code">
 * interface RoomTopics {
 *
 *     &#064;TopicPublisher("room.{roomId}")
 *     void posted(String roomId, ChatMessage message);
 *
 *     &#064;TopicPublisher(value = "order.{payload.customer.id}", id = "{payload.id}")
 *     PublishReceipt placed(Order order);
 *
 * }
 * </pre>
 *
 * A placeholder names a parameter, or <code>payload</code>, and may go on into its record
 * components, bean properties or map entries. A value that fills a part of a topic has no
 * dot, slash or control character, and no separator that the topic itself has: it can
 * never add a segment.
 */
@Documented
@Target({ ElementType.TYPE, ElementType.METHOD })
@Retention(RetentionPolicy.RUNTIME)
public @interface TopicPublisher {

	/** The topic, with placeholders, such as <code>room.{roomId}</code>. */
	String value() default "";

	/** What kind of message this is to the application; not set when empty. */
	String type() default "";

	/**
	 * The message's id, with placeholders: the same id is published once within the
	 * topic's idempotency window. None when empty.
	 */
	String id() default "";

	/**
	 * The name of the user who says it, with placeholders, such as
	 * <code>{payload.author}</code>: a user's own messages are not unread. Nobody in
	 * particular when empty, or when a placeholder's value is null.
	 */
	String sender() default "";

	/**
	 * Whether every subscriber gets it, whatever the topic's rate
	 * ({@code realtime.topics.<name>.rate}). What the interface says holds for all its
	 * methods.
	 */
	boolean important() default false;

}
