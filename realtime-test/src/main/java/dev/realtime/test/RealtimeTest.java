package dev.realtime.test;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.core.annotation.AliasFor;

/**
 * Starts the application on a free port, with topics in its memory, and gives test
 * methods clients: {@link SpringBootTest @SpringBootTest} with what tests of realtime
 * messaging need. Test methods may have parameters of type {@link RealtimeTestClient},
 * {@link PublishedMessages}, {@link RealtimeFaults} and {@link RealtimeTestTime}. What a
 * method got ends with it.
 *
 * <pre class="code">
 * &#64;RealtimeTest
 * class OrderMessagesTests {
 *
 *     &#64;Test
 *     void aSubscriberGetsWhatIsPublished(RealtimeTestClient client, &#64;Autowired Orders orders) {
 *         TestSubscription order = client.subscribe("order.42");
 *         orders.pack(42);
 *         assertThat(order.awaitMessage().text()).isEqualTo("packed");
 *     }
 *
 * }
 * </pre>
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@ExtendWith(RealtimeTestExtension.class)
public @interface RealtimeTest {

	/** Properties of the application, as {@link SpringBootTest#properties()}. */
	@AliasFor(annotation = SpringBootTest.class, attribute = "properties")
	String[] properties() default {};

	/** Arguments of the application, as {@link SpringBootTest#args()}. */
	@AliasFor(annotation = SpringBootTest.class, attribute = "args")
	String[] args() default {};

	/** The application's classes, as {@link SpringBootTest#classes()}. */
	@AliasFor(annotation = SpringBootTest.class, attribute = "classes")
	Class<?>[] classes() default {};

	/**
	 * The value of {@code realtime.broker}, whatever the application's own configuration
	 * says; {@link #properties()} may still set another. Write {@code redis} for a real
	 * Redis, such as one from a {@code @ServiceConnection}; an empty text leaves the
	 * application's own value.
	 */
	String broker() default "memory";

}
