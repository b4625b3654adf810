import type { BookmarkSchedule } from '../meters/bookmark-counts.js';

/** `defaultBookmarkFrequency` (`staging/src/k8s.io/apiserver/pkg/storage/cacher/cacher.go`, ≥1.19): a bookmark per watch and minute … */
export const BOOKMARK_FREQUENCY_S = 60;
/** … and one 2 s before the watch's deadline (`cacheWatcher.nextBookmarkTime`, same package). */
export const BOOKMARK_BEFORE_DEADLINE_S = 2;

/** When a watch gets them. */
export const BOOKMARKS: BookmarkSchedule = {
  frequencyS: BOOKMARK_FREQUENCY_S,
  beforeDeadlineS: BOOKMARK_BEFORE_DEADLINE_S,
};
