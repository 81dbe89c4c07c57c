package dev.realtime.sample.chat.push;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.jdbc.core.simple.JdbcClient;

import static dev.realtime.sample.chat.push.PushStore.Outcome.FULL;
import static dev.realtime.sample.chat.push.PushStore.Outcome.OTHER_KEYS;
import static dev.realtime.sample.chat.push.PushStore.Outcome.REGISTERED;
import static org.assertj.core.api.Assertions.assertThat;

/** Three browsers for a user and five for all. */
class PushStoreTests {

	private final JdbcClient jdbc = TestPush.database("store");

	private final PushStore store = new PushStore(this.jdbc, TestPush.withServices());

	@BeforeEach
	void empty() {
		this.jdbc.sql("delete from push_subscription").update();
	}

	@Test
	void aBrowserThatComesAgainIsThereOnce() throws Exception {
		Subscription one = browser("/1");
		assertThat(this.store.put("Ann", one)).isEqualTo(REGISTERED);
		assertThat(this.store.put("Ann", one)).isEqualTo(REGISTERED);
		assertThat(this.store.subscriptionsOf("Ann")).containsExactly(one);
		assertThat(this.store.subscriptionsOf("Bob")).isEmpty();
	}

	@Test
	void theBrowserThatWasNotSeenForTheLongestTimeGoes() throws Exception {
		List<Subscription> all = new ArrayList<>();
		for (int i = 0; i < 3; i++) {
			all.add(browser("/" + i));
			assertThat(this.store.put("Ann", all.get(i))).isEqualTo(REGISTERED);
		}
		this.store.put("Bob", browser("/bob"));
		this.store.put("Ann", all.get(0));
		Subscription fourth = browser("/4");
		assertThat(this.store.put("Ann", fourth)).isEqualTo(REGISTERED);
		assertThat(this.store.subscriptionsOf("Ann")).containsExactly(fourth, all.get(0), all.get(2));
		assertThat(this.store.subscriptionsOf("Bob")).hasSize(1);
		assertThat(this.jdbc.sql("select count(*) from push_subscription").query(Integer.class).single()).isEqualTo(4);
	}

	@Test
	void moreThanAllIsRefusedAndThoseWhoAreThereStay() throws Exception {
		Subscription first = browser("/0");
		this.store.put("user 0", first);
		for (int i = 1; i < 5; i++) {
			assertThat(this.store.put("user " + i, browser("/" + i))).isEqualTo(REGISTERED);
		}
		assertThat(this.store.put("user 5", browser("/5"))).isEqualTo(FULL);
		assertThat(this.store.put("user 0", first)).isEqualTo(REGISTERED);
		assertThat(this.store.subscriptionsOf("user 0")).containsExactly(first);
		assertThat(this.store.subscriptionsOf("user 5")).isEmpty();
	}

	@Test
	void nobodyTakesABrowserWithoutItsKeys() throws Exception {
		Subscription anns = browser("/1");
		this.store.put("Ann", anns);
		assertThat(this.store.put("Eve", browser("/1"))).isEqualTo(OTHER_KEYS);
		this.store.remove("Eve", anns.endpoint().toString());
		assertThat(this.store.subscriptionsOf("Ann")).containsExactly(anns);
		assertThat(this.store.subscriptionsOf("Eve")).isEmpty();
	}

	@Test
	void aBrowserBelongsToTheUserWhoLogsInThereNow() throws Exception {
		Subscription shared = browser("/1");
		this.store.put("Ann", shared);
		this.store.put("Bob", shared);
		assertThat(this.store.subscriptionsOf("Ann")).isEmpty();
		assertThat(this.store.subscriptionsOf("Bob")).containsExactly(shared);
		this.store.remove("Bob", shared.endpoint().toString());
		assertThat(this.store.subscriptionsOf("Bob")).isEmpty();
	}

	@Test
	void requestsAtTheSameMomentRegisterItOnce() throws Exception {
		Subscription one = browser("/1");
		ExecutorService threads = Executors.newFixedThreadPool(4);
		try {
			for (int round = 0; round < 20; round++) {
				Callable<PushStore.Outcome> put = () -> this.store.put("Ann", one);
				for (Future<PushStore.Outcome> each : threads.invokeAll(List.of(put, put, put, put))) {
					assertThat(each.get()).isEqualTo(REGISTERED);
				}
				assertThat(this.store.subscriptionsOf("Ann")).containsExactly(one);
				this.store.remove(one);
			}
		}
		finally {
			threads.shutdownNow();
		}
	}

	/** Each time with other keys. */
	private static Subscription browser(String path) throws Exception {
		return new TestBrowser("https://fcm.googleapis.com" + path).subscription();
	}

}
