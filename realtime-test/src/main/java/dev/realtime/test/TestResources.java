package dev.realtime.test;

import java.util.ArrayList;
import java.util.List;

import com.google.errorprone.annotations.concurrent.GuardedBy;

import org.springframework.context.ApplicationContext;

/** What one test method got, and what must end with it. */
final class TestResources {

	@GuardedBy("this")
	private final List<AutoCloseable> open = new ArrayList<>();

	/** Makes what a parameter of this type stands for. */
	Object make(Class<?> type, ApplicationContext application) {
		if (type == RealtimeTestTime.class) {
			return application.getBean(RealtimeTestTime.class);
		}
		if (type == RealtimeFaults.class) {
			return add(RealtimeFaults.of(application));
		}
		if (type == PublishedMessages.class) {
			return add(application.getBean(PublicationLog.class).begin());
		}
		return add(RealtimeTestClient.of(application));
	}

	/** Ends everything, the last first, whatever is thrown. */
	synchronized void close() throws Exception {
		List<AutoCloseable> all = List.copyOf(this.open);
		this.open.clear();
		close(all);
	}

	private static void close(List<AutoCloseable> all) throws Exception {
		if (!all.isEmpty()) {
			int last = all.size() - 1;
			try {
				all.get(last).close();
			}
			finally {
				close(all.subList(0, last));
			}
		}
	}

	private <T extends AutoCloseable> T add(T resource) {
		synchronized (this) {
			this.open.add(resource);
		}
		return resource;
	}

}
