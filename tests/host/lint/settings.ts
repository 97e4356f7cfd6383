// The settings that the phone's manual calls optimal.
import { defaultSettings, type Settings } from "../../../host/params/table.ts";

export const OPTIMAL: Settings = {
  ...defaultSettings(),
  registerRefreshInterval: 120,
  primaryDetectInterval: 90,
  maxDetectFailCount: 1,
  preferPrimary: true,
};
