package dev.realtime.spring;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.ListableBeanFactory;

/** Chooses the bean to work with where the application has several of a type. */
final class ChosenBean {

	private ChosenBean() {
	}

	/**
	 * Returns the named bean, or without a name the only or the primary one.
	 * @param property the property that has the name
	 * @throws InvalidRealtimePropertyException when there is no such bean, or when a name
	 * is needed
	 */
	static <T> T of(ListableBeanFactory beans, Class<T> type, String property, @Nullable String name) {
		if (name != null) {
			PropertyBounds.check(beans.containsBean(name) && beans.isTypeMatch(name, type), property, name,
					"must be the name of a " + type.getSimpleName() + " bean: " + names(beans, type));
			return beans.getBean(name, type);
		}
		T only = beans.getBeanProvider(type).getIfUnique();
		if (only == null) {
			throw new InvalidRealtimePropertyException(property, null, "the application has several "
					+ type.getSimpleName() + " beans (" + names(beans, type) + "), and none of them is primary");
		}
		return only;
	}

	private static String names(ListableBeanFactory beans, Class<?> type) {
		return String.join(", ", BeanFactoryUtils.beanNamesForTypeIncludingAncestors(beans, type));
	}

}
