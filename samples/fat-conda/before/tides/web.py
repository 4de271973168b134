import numpy
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

MINUTES = numpy.array([372, 751])


def high_water(request):
    lines = [f"{minute // 60:02}:{minute % 60:02}" for minute in MINUTES.tolist()]
    return PlainTextResponse("\n".join(lines) + "\n")


app = Starlette(routes=[Route("/", high_water)])
