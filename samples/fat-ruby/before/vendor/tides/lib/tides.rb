module Tides
  def self.today
    "high 06:12\nlow 12:31\n"
  end
end
