#include <Python.h>

/* How many are left of a number of people, when so many pass at a time. */
static PyObject *left(PyObject *self, PyObject *args) {
    long people, pass;
    if (!PyArg_ParseTuple(args, "ll", &people, &pass) || pass < 1) return NULL;
    return PyLong_FromLong(people % pass);
}

static PyMethodDef methods[] = {{"left", left, METH_VARARGS, NULL}, {NULL, NULL, 0, NULL}};
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "turnstile", NULL, -1, methods};

PyMODINIT_FUNC PyInit_turnstile(void) { return PyModule_Create(&module); }
