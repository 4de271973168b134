Gem::Specification.new do |spec|
  spec.name = "tides"
  spec.version = "1.0"
  spec.summary = "Tides of one day"
  spec.authors = ["restage"]
  spec.files = ["lib/tides.rb"]
end
